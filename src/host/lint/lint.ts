// A check of files: what is said of each workflow and blueprint in them, where it stands in the text, and what somebody has accepted.
import { basename, dirname, resolve } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { append } from '../../contract/lists.ts'
import { rules, type RuleId } from '../../contract/rules.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { howToPick, pickOne, severalError } from '../../engine/format/pick.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import { refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { parseWorkflow, workflowsIn } from '../../engine/graph/parse.ts'
import { isMap } from '../../engine/php/values.ts'
import { readGiven, statGiven } from '../store/given-file.ts'
import { parseBytes } from '../worker/runs/input.ts'
import { ofBlueprint } from './blueprint-problems.ts'
import { positionsIn, regionOf, type Positions, type Region } from './positions.ts'
import { isWithin, suppressionFile, Suppressions } from './suppressions.ts'
import { jsonFilesIn, shown, type Below } from './files-below.ts'
import { entriesOf, isDamaged, type Entry } from './workflows-in.ts'

export interface Finding {
  readonly ruleId: RuleId
  readonly severity: 'error' | 'warning'
  /** From the current folder, with slashes. */
  readonly file: string
  readonly workflow: string
  /** The first of `nodeIds`. */
  readonly nodeId: string | number | null
  readonly nodeIds: readonly (string | number)[]
  /** From and to, the ids of nodes. */
  readonly edges: readonly (readonly [Json, Json])[]
  readonly parameter: string | null
  readonly message: string
  readonly region: Region | null
  /** Of the other nodes. */
  readonly others: readonly Region[]
  /** Why somebody accepted it. */
  readonly suppressed: string | null
  /** As the check of the workflow told it; null for what is about a file. */
  readonly problem: WorkflowProblem | null
  /** Why it cannot be read at all, so that nothing else is said of it. */
  readonly unread: CodedError | null
}

/** Of folders: what nothing is said about, by name but for files of another kind. */
export interface LeftOut {
  /** JSON that is neither workflow nor blueprint. */
  readonly others: number
  /** What cannot be parsed and does not look like one. */
  readonly noJson: readonly string[]
  readonly large: readonly string[]
  /** Links are not followed. */
  readonly links: readonly string[]
}

export interface LintReport {
  readonly findings: readonly Finding[]
  /** Workflows and blueprints that were read. */
  readonly workflows: number
  /** That were looked at: with workflows, or with what keeps them from being read. */
  readonly files: number
  readonly leftOut: LeftOut
}

export const nothingLeftOut: LeftOut = { others: 0, noJson: [], large: [], links: [] }

export interface LintPorts {
  /** @param file as it is shown */
  readonly check: (workflow: RawWorkflow, file: string) => Promise<readonly WorkflowProblem[]>
  /** Of a file with several: only this one. */
  readonly pick?: string | undefined
  /** A file that is given is one workflow: of several somebody has to pick one. */
  readonly one: boolean
  /** What else was given is checked although one thing cannot be read. */
  readonly goesOn: boolean
}

/** Of a file in a folder; more is no workflow. */
const mostBytes = 32 * 1024 * 1024

interface Place extends Below {
  readonly path: string
  readonly isFolder: boolean
}

function placeOf(argument: string, goesOn: boolean): Place {
  const path = resolve(argument)
  try {
    const isFolder = statGiven(path, argument).isDirectory()
    return { path, isFolder, ...(isFolder ? jsonFilesIn(path) : { files: [path], links: [], unread: [] }) }
  } catch (error) {
    if (!goesOn || !(error instanceof CodedError)) throw error
    return { path, isFolder: false, files: [], links: [], unread: [[path, error]] }
  }
}

/** Throws FILE_UNREADABLE for a folder that was named alone, and SUPPRESSION_INVALID. */
export async function lint(places: readonly string[], ports: LintPorts): Promise<LintReport> {
  const suppressions = new Suppressions()
  const findings: Finding[] = []
  const done = new Set<string>()
  const left = { noJson: [] as string[], large: [] as string[], other: [] as string[] }
  let [workflows, files] = [0, 0]
  const checked = places.map((place) => placeOf(place, ports.goesOn))
  for (const place of checked) {
    const take = async (file: string, found: readonly Finding[]): Promise<void> => {
      const reasons = await suppressions.reasons(file, topOf(place), found)
      append(
        findings,
        found.map((one, i) => ({ ...one, suppressed: reasons[i] ?? null }))
      )
    }
    for (const [path, why] of place.unread) await take(path, [unreadFinding(shown(path), why)])
    for (const file of place.files) {
      if (done.has(file) || basename(file) === suppressionFile) continue
      done.add(file)
      const found = await lintFile(file, place, ports)
      if (typeof found === 'string') {
        left[found].push(shown(file))
        continue
      }
      workflows += found.workflows
      files++
      await take(file, found.findings)
    }
  }
  const { other, ...named } = left
  const leftOut = { ...named, others: other.length, links: checked.flatMap(({ links }) => links) }
  for (const { entry } of await suppressions.unused(checked)) append(findings, [unusedFinding(entry)])
  return { findings, workflows, files, leftOut }
}

/** Nobody outside of the folder where one works, or of the folder that is checked, suppresses anything. */
const topOf = ({ path, isFolder }: Place): string =>
  isWithin(path, process.cwd()) ? process.cwd() : isFolder ? path : dirname(path)

function unusedFinding({ from, at, rule, file }: { from: string; at: number; rule: string; file: string | null }) {
  const where = file === null ? '' : ` in ${file}`
  return finding('SUPPRESSION_UNUSED', from, `suppress[${at}] suppresses no ${rule}${where}; remove it.`)
}

const finding = (ruleId: RuleId, file: string, message: string): Finding => ({
  ...{ ruleId, severity: rules[ruleId].severity, file, workflow: '', nodeId: null, nodeIds: [], edges: [] },
  ...{ parameter: null, message, region: null, others: [] },
  ...{ suppressed: null, problem: null, unread: null }
})

export const unreadFinding = (file: string, error: CodedError): Finding => ({
  ...finding('WORKFLOW_INVALID', file, error.message),
  region: regionOf(error.details?.place),
  unread: error
})

interface FileFindings {
  readonly findings: readonly Finding[]
  readonly workflows: number
}

/** Or why nothing is said about it. */
async function lintFile(
  file: string,
  { isFolder }: Place,
  ports: LintPorts
): Promise<FileFindings | 'other' | 'noJson' | 'large'> {
  const name = shown(file)
  try {
    if (isFolder && statGiven(file, name).size > mostBytes) return 'large'
    const bytes = await readGiven(file, name)
    const parsed = parsedOrError(bytes, name)
    if (isFolder && 'error' in parsed && !isDamaged(bytes, file)) return 'noJson'
    if (isFolder && 'value' in parsed && entriesOf(parsed.value) === null) return 'other'
    return await lintParsed(bytes, parsed, name, { ...ports, goesOn: ports.goesOn || isFolder })
  } catch (error) {
    return unreadFile(error, name)
  }
}

type Parsed = { readonly value: Json } | { readonly error: unknown }

function parsedOrError(bytes: Buffer, name: string): Parsed {
  try {
    return { value: parseBytes(bytes, name) }
  } catch (error) {
    return { error }
  }
}

function unreadFile(error: unknown, name: string): FileFindings {
  if (error instanceof CodedError) return { findings: [unreadFinding(name, error)], workflows: 0 }
  throw error
}

/** What was given without a name is meant as a workflow. */
export const lintBytes = (bytes: Buffer, name: string, ports: LintPorts): Promise<FileFindings> =>
  lintParsed(bytes, parsedOrError(bytes, name), name, ports).catch((error: unknown) => unreadFile(error, name))

async function lintParsed(bytes: Buffer, parsed: Parsed, name: string, ports: LintPorts): Promise<FileFindings> {
  if ('error' in parsed) throw parsed.error
  refuseManyNodes({ text: bytes.toString('latin1') }, 'any', name)
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  return lintEntries(text, name, pickOf(entriesOf(parsed.value), parsed.value, name, ports), ports)
}

/** What is no workflow is parsed all the same: that says what it is instead. */
function pickOf(
  entries: readonly Entry[] | null,
  value: Json,
  name: string,
  { pick, one, goesOn }: LintPorts
): readonly Entry[] {
  const all = entries ?? [{ path: [], value }]
  const values = all.map((entry) => entry.value)
  // Among others `pick` is about those that hold several.
  if (entries?.length === 1 && pick !== undefined && !goesOn) pickOne(values.map(ownOf), pick, name)
  if (all.length < 2 || (pick === undefined && !one)) return all
  if (pick === undefined) throw severalError(values, name, howToPick, workflowsIn(value) ? 'workflow' : 'entry')
  const picked = pickOne(values, pick, name)
  return all.filter((entry) => entry.value === picked)
}

async function lintEntries(
  text: string,
  name: string,
  entries: readonly Entry[],
  { check }: LintPorts
): Promise<FileFindings> {
  const findings: Finding[] = []
  const labels = labelsOf(entries, name)
  let workflows = 0
  for (const [i, entry] of entries.entries()) {
    const at = { file: name, workflow: labels[i] ?? '' }
    const own = ownOf(entry.value)
    let workflow: RawWorkflow
    try {
      workflow = parseWorkflow(own, name)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const unread = unreadFinding(name, error)
      const region = entries.length > 1 ? positionsIn(text, entry.path, {}).whole : unread.region
      findings.push({ ...unread, ...at, region })
      continue
    }
    workflows++
    const problems = ofBlueprint(own, workflow, await check(workflow, name))
    if (problems.length === 0) continue
    const positions = positionsIn(text, entry.path, entry.value as JsonMap)
    append(
      findings,
      problems.map((one) => placed(one, positions, at))
    )
  }
  return { findings, workflows }
}

/** What each workflow of a file is called; of several, those without a name of their own by their place, from 0 as `--pick` takes it. */
function labelsOf(entries: readonly Entry[], name: string): readonly string[] {
  const names = entries.map(({ value }) => {
    const called = workflowRow(ownOf(value))?.name
    return typeof called === 'string' && called !== name ? called : ''
  })
  if (names.length < 2) return names
  return names.map((one, i) => {
    const isAlone = one !== '' && names.indexOf(one) === names.lastIndexOf(one)
    return isAlone ? one : `${one} (${i})`.trimStart()
  })
}

/** Out of a workspace's file. */
function ownOf(value: Json): Json {
  if (!isMap(value)) return value
  if (value.format === 'retrace.workflow' && isMap(value.workflow)) return value.workflow
  if (value.format !== 'retrace.blueprint') return value
  const { blueprint } = value
  return isMap(blueprint) && isMap(blueprint.WorkflowBlueprint) ? blueprint : { WorkflowBlueprint: blueprint ?? null }
}

const nowhere: Positions = { whole: null, node: () => null, param: () => null, edge: () => null }

function placed(
  one: WorkflowProblem,
  positions: Positions,
  at: { readonly file: string; readonly workflow: string }
): Finding {
  const { code, severity, message, nodeIds, edges, param } = one
  const [first, ...rest] = nodeIds
  const pairs = edges.flatMap((edge) =>
    Array.isArray(edge) && edge.length > 1 ? [[edge[0], edge[1]] as [Json, Json]] : []
  )
  const [edge] = pairs
  const isId = (id: Json | undefined): id is string | number => typeof id === 'string' || typeof id === 'number'
  const region =
    (first !== undefined && param !== undefined && positions.param(first, param)) ||
    (edge && isId(edge[0]) && isId(edge[1]) && positions.edge(edge[0], edge[1])) ||
    (first !== undefined && positions.node(first)) ||
    positions.whole
  return {
    ...{ ruleId: code, severity, ...at, nodeId: first ?? null, nodeIds, edges: pairs },
    ...{ parameter: param ?? null, message, region },
    others: rest.slice(0, 50).flatMap((id) => positions.node(id) ?? []),
    ...{ suppressed: null, problem: one, unread: null }
  }
}

/** What is said of a workflow that stands in no file. */
export const unplaced = (problems: readonly WorkflowProblem[], file: string): readonly Finding[] =>
  problems.map((one) => placed(one, nowhere, { file, workflow: '' }))
