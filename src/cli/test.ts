// `retrace test`: runs cases in this process and says what is otherwise than expected.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import { nameOfCase } from '../engine/case/judge.ts'
import type { ProfileId } from '../engine/profiles/profiles.ts'
import { findCases, readFile } from '../host/cases/case-files.ts'
import type { CaseFile } from '../host/cases/case-files.ts'
import { CaseReader } from '../host/cases/case-reader.ts'
import type { NamedWorkflow } from '../host/cases/case-reader.ts'
import { testCase } from '../host/cases/test-case.ts'
import type { TestedCase } from '../host/cases/test-case.ts'
import { parseProfile } from '../host/worker/runs/run-input.ts'
import { defaultWorkspace } from '../host/user-folder.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { asJson, asJUnit, asTap, humanEnd, humanLines, reporters } from './test-report.ts'
import type { FileResult, NotRun, Reporter } from './test-report.ts'

const kinds = {
  reporter: 'text',
  watch: 'flag',
  update: 'flag',
  filter: 'text',
  bail: 'flag',
  profile: 'text',
  workspace: 'text',
  json: 'flag'
} as const

export const testCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 10_000 })
  const reporter = reporterOf(options.reporter ?? (options.json ? 'json' : 'human'))
  const profile = options.profile === undefined ? undefined : parseProfile(options.profile)
  if (options.watch && (options.update || reporter !== 'human'))
    throw new CodedError('COMMAND_INVALID', '--watch goes with neither --update nor another reporter than human.')
  const update = options.update ? await import('./test-update.ts') : null
  update?.assertAnswerable(process.env, process.stdin.isTTY === true)
  const places = words.length > 0 ? words : [ownCases(options.workspace)]
  const files = findCases(places, (link) =>
    context.complain(visible(`note ${link} is a link to a folder, which is not followed`))
  )
  const reader = new CaseReader(await namedWorkflows(context, options.workspace, files))
  const asked: Asked = { reader, profile, filter: options.filter ?? '', bail: options.bail }
  if (options.watch) {
    const { watchCases } = await import('./test-watch.ts')
    return watchCases({ context, places, files, test: (some) => testAll(some, asked, context, reporter) })
  }
  const { tested, notRun } = testAll(files, asked, context, reporter)
  if (tested.length === 0)
    throw new CodedError('FILE_NOT_FOUND', `There is no case in ${placesText(places)}${filtered(asked.filter)}.`)
  const written = new Set<string>()
  await update?.withTerminal(async (ask) => {
    for (const one of tested) {
      const how = await update.updateOne(one, ask)
      if (how.isWritten) written.add(one.file.path)
      if (how.isOver) break
    }
  })
  const results = tested.map((one) =>
    fileResult(written.has(one.file.path) ? { ...testCase(reader, one.file, profile), file: one.file } : one)
  )
  end(results, notRun, reporter, context)
  return results.every(({ state }) => state === 'passed') ? 0 : 1
}

/** A folder that is called `.` ends no sentence. */
const placesText = (places: readonly string[]): string =>
  places.map((one) => (one === '.' ? 'this folder' : one)).join(', ')

const filtered = (filter: string): string => (filter === '' ? '' : ` with “${filter}” in its name`)

function reporterOf(given: string): Reporter {
  const reporter = reporters.find((one) => one === given)
  if (reporter) return reporter
  throw new CodedError('COMMAND_INVALID', `--reporter takes ${reporters.join(', ')}, not “${given.slice(0, 40)}”.`)
}

function ownCases(workspace: string | undefined): string {
  const folder = join(workspace ?? defaultWorkspace(), 'cases')
  if (existsSync(folder)) return folder
  throw new CodedError('FILE_NOT_FOUND', `There is no case: ${folder} does not exist. Name a folder of cases.`, {
    file: folder
  })
}

/** Only where a case speaks of one by its name, the workspace is opened. */
async function namedWorkflows(
  context: CommandContext,
  workspace: string | undefined,
  files: readonly CaseFile[]
): Promise<NamedWorkflow> {
  if (!files.some(namesWorkflow)) return () => null
  const { withHost } = await import('./workspace-host.ts')
  const found = new Map<string, Json>()
  await withHost(context, workspace, { looks: true }, async (host) => {
    for (const { id, name } of await host.ask('workflows.list', {})) {
      const { workflow } = await host.ask('workflows.get', { workflowId: id })
      found.set(id, workflow)
      if (!found.has(name)) found.set(name, workflow)
    }
  })
  return (name) => found.get(name) ?? null
}

function namesWorkflow({ path, name }: CaseFile): boolean {
  try {
    return readFile(path, name).bytes.includes('"workflowName"')
  } catch {
    // Reading the case says what is wrong with its file.
    return false
  }
}

interface Asked {
  readonly reader: CaseReader
  readonly profile: ProfileId | undefined
  readonly filter: string
  readonly bail: boolean
}

const fileResult = ({ result, file }: Tested): FileResult => ({ ...result, file: file.name })

export interface Tested extends TestedCase {
  readonly file: CaseFile
}

/** What the case calls itself; nothing for what cannot be read. */
function nameIn(reader: CaseReader, file: CaseFile): string {
  try {
    return reader.read(file).case.name ?? ''
  } catch {
    // Running it says what is wrong.
    return ''
  }
}

export interface TestedAll {
  readonly tested: readonly Tested[]
  /** After the one at which `--bail` ended. */
  readonly notRun: readonly NotRun[]
}

/** People read of each case as soon as it is known. */
function testAll(
  files: readonly CaseFile[],
  asked: Asked,
  { print, color }: CommandContext,
  reporter: Reporter
): TestedAll {
  const { reader, profile, filter, bail } = asked
  const style = createStyle(color)
  const tested: Tested[] = []
  const notRun: NotRun[] = []
  let isOver = false
  for (const file of files) {
    if (!file.name.includes(filter) && !nameIn(reader, file).includes(filter)) continue
    if (isOver) {
      notRun.push({ file: file.name, name: nameOfCase({ case: {} as never, file: file.name }) })
      continue
    }
    const one = { ...testCase(reader, file, profile), file }
    tested.push(one)
    if (reporter === 'human') for (const line of humanLines(fileResult(one), style)) print(line)
    isOver = bail && one.result.state !== 'passed'
  }
  return { tested, notRun }
}

function end(
  results: readonly FileResult[],
  notRun: readonly NotRun[],
  reporter: Reporter,
  { print, color }: CommandContext
): void {
  if (reporter === 'json') print(asJson(results, notRun))
  else if (reporter === 'junit') print(asJUnit(results, notRun))
  else if (reporter === 'tap') print(asTap(results, notRun))
  else print(humanEnd(results, notRun, createStyle(color)))
}
