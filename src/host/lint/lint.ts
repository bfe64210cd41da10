// A check of files: what is said of each workflow and blueprint in them, where it stands in the text, and what somebody has accepted.
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { append } from '../../contract/lists.ts'
import { rules, type RuleId } from '../../contract/rules.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { pickOne } from '../../engine/format/pick.ts'
import { refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { isMap } from '../../engine/php/values.ts'
import { readGiven } from '../store/given-file.ts'
import { parseBytes } from '../worker/runs/input.ts'
import { ofBlueprint } from './blueprint-problems.ts'
import { positionsIn, type Positions, type Region } from './positions.ts'
import { isWithin, suppressionFile, Suppressions } from './suppressions.ts'
import { entriesOf, mentionsWorkflow, type Entry } from './workflows-in.ts'

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
}

export interface LintReport {
  readonly findings: readonly Finding[]
  /** Workflows and blueprints. */
  readonly workflows: number
  readonly files: number
  /** JSON files that hold something else. */
  readonly leftOut: number
}

export interface LintPorts {
  readonly check: (workflow: RawWorkflow) => Promise<readonly WorkflowProblem[]>
  /** Of a file with several: only this one. */
  readonly pick?: string | undefined
  /** What cannot be read ends the check instead of being a problem: for a file that somebody named alone. */
  readonly strict: boolean
}

/** Of a file in a folder; more is no workflow. */
const mostBytes = 32 * 1024 * 1024

const shown = (file: string): string => (relative(process.cwd(), file) || file).split(sep).join('/')

/** Hidden folders, such as a checkout's own, and installed packages are left out. Links are not followed. */
async function jsonFilesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CodedError('FILE_UNREADABLE', `${shown(folder)} cannot be read: ${error.code ?? error.message}.`, {
      file: folder
    })
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) append(found, await jsonFilesIn(path))
    else if (entry.isFile() && entry.name.endsWith('.json')) found.push(path)
  }
  return onlyNewest(found)
}

/** Of a workspace's `workflows/ID/N.json` the newest version: older ones cannot be changed. */
function onlyNewest(files: readonly string[]): string[] {
  const versionOf = (file: string): number | null => {
    const isVersion = basename(dirname(dirname(file))) === 'workflows' && /^[1-9]\d{0,8}\.json$/.test(basename(file))
    return isVersion ? Number(basename(file, '.json')) : null
  }
  const newest = new Map<string, number>()
  for (const file of files) newest.set(dirname(file), Math.max(newest.get(dirname(file)) ?? 0, versionOf(file) ?? 0))
  return files.filter((file) => {
    const version = versionOf(file)
    return version === null || version === newest.get(dirname(file))
  })
}

interface Place {
  readonly path: string
  readonly isFolder: boolean
  readonly files: readonly string[]
}

async function placeOf(argument: string): Promise<Place> {
  const path = resolve(argument)
  const info = await stat(path).catch(() => null)
  if (info === null) throw new CodedError('FILE_NOT_FOUND', `${argument} does not exist.`, { file: argument })
  return info.isDirectory()
    ? { path, isFolder: true, files: await jsonFilesIn(path) }
    : { path, isFolder: false, files: [path] }
}

/** Throws FILE_NOT_FOUND where there is nothing to check, and SUPPRESSION_INVALID. */
export async function lint(places: readonly string[], ports: LintPorts): Promise<LintReport> {
  const suppressions = new Suppressions()
  const findings: Finding[] = []
  const done = new Set<string>()
  let [workflows, leftOut] = [0, 0]
  const checked: Place[] = []
  for (const place of places) checked.push(await placeOf(place))
  for (const place of checked)
    for (const file of place.files) {
      if (done.has(file) || basename(file) === suppressionFile) continue
      const found = await lintFile(file, place, ports)
      if (found === null) {
        leftOut++
        continue
      }
      done.add(file)
      workflows += found.workflows
      const reasons = await suppressions.reasons(file, topOf(place), found.findings)
      append(
        findings,
        found.findings.map((one, i) => ({ ...one, suppressed: reasons[i] ?? null }))
      )
    }
  if (done.size === 0)
    throw new CodedError('FILE_NOT_FOUND', `There is no workflow or blueprint in ${places.join(', ')}.`, {
      file: places[0] ?? ''
    })
  for (const { entry } of await suppressions.unused(checked)) append(findings, [unusedFinding(entry)])
  return { findings, workflows, files: done.size, leftOut }
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
  ...{ suppressed: null, problem: null }
})

interface FileFindings {
  readonly findings: readonly Finding[]
  readonly workflows: number
}

/** Null: it holds no workflow. */
async function lintFile(file: string, { isFolder }: Place, ports: LintPorts): Promise<FileFindings | null> {
  const name = shown(file)
  const damaged = (error: unknown): FileFindings => {
    if (!(error instanceof CodedError) || ports.strict) throw error
    return { findings: [finding('WORKFLOW_INVALID', name, error.message)], workflows: 0 }
  }
  let bytes: Buffer
  try {
    if (isFolder && (await stat(file)).size > mostBytes) return null
    bytes = await readGiven(file, name)
  } catch (error) {
    return damaged(error)
  }
  let value: Json
  try {
    value = parseBytes(bytes, name)
  } catch (error) {
    return isFolder && !mentionsWorkflow(bytes.toString('utf8')) ? null : damaged(error)
  }
  if (isFolder && entriesOf(value) === null) return null
  return lintValue(bytes, value, name, ports).catch(damaged)
}

/** What was given without a name. Throws what keeps it from being read as workflows. */
export const lintBytes = (bytes: Buffer, name: string, ports: LintPorts): Promise<FileFindings> =>
  lintValue(bytes, parseBytes(bytes, name), name, ports)

async function lintValue(bytes: Buffer, value: Json, name: string, ports: LintPorts): Promise<FileFindings> {
  refuseManyNodes({ text: bytes.toString('latin1') }, 'any', name)
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  return lintEntries(text, name, pickOf(entriesOf(value), value, name, ports), ports)
}

/** What is no workflow is parsed all the same: that says what it is instead. */
function pickOf(entries: readonly Entry[] | null, value: Json, name: string, { pick }: LintPorts): readonly Entry[] {
  const all = entries ?? [{ path: [], value }]
  if (pick === undefined || all.length < 2) return all
  const values = all.map((one) => one.value)
  const picked = pickOne(values, pick, name)
  return all.filter((one) => one.value === picked)
}

async function lintEntries(
  text: string,
  name: string,
  entries: readonly Entry[],
  { check, strict }: LintPorts
): Promise<FileFindings> {
  const findings: Finding[] = []
  for (const entry of entries) {
    const own = ownOf(entry.value)
    let workflow: RawWorkflow
    try {
      workflow = parseWorkflow(own, name)
    } catch (error) {
      if (!(error instanceof CodedError) || strict) throw error
      findings.push(finding('WORKFLOW_INVALID', name, error.message))
      continue
    }
    const problems = ofBlueprint(own, workflow, await check(workflow))
    if (problems.length === 0) continue
    const positions = positionsIn(text, entry.path, entry.value as JsonMap)
    const called = typeof workflow.name === 'string' ? workflow.name : ''
    append(
      findings,
      problems.map((one) => placed(one, positions, { file: name, workflow: called === name ? '' : called }))
    )
  }
  return { findings, workflows: entries.length }
}

/** A workspace's file of a blueprint holds it as MISP has it. */
function ownOf(value: Json): Json {
  if (!isMap(value) || value.format !== 'retrace.blueprint') return value
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
    suppressed: null,
    problem: one
  }
}

/** What is said of a workflow that stands in no file. */
export const unplaced = (problems: readonly WorkflowProblem[], file: string): readonly Finding[] =>
  problems.map((one) => placed(one, nowhere, { file, workflow: '' }))
