// `retrace check`: what MISP refuses (errors) and warns about in workflows and blueprints, of files, folders and a workspace.
import type { ProfileUse } from '../contract/profiles.ts'
import { CodedError } from '../contract/errors.ts'
import { append } from '../contract/lists.ts'
import type { WorkflowSource } from '../contract/operations.ts'
import type { WorkflowProblem } from '../contract/workspace.ts'
import {
  lint,
  lintBytes,
  nothingLeftOut,
  unreadFinding,
  unplaced,
  type Finding,
  type LintPorts,
  type LintReport
} from '../host/lint/lint.ts'
import { isFolder } from '../host/store/given-file.ts'
import { parseCommand } from './args.ts'
import { named, printHuman, printJson, printLists, tellLeftOut } from './check-report.ts'
import { exitStatus, type Command, type CommandContext } from './context.ts'
import { withFiles, type FilesHost } from './files-host.ts'
import { isThere, nameOf, readBytes, readRunOptions } from './input.ts'
import { tellRecognised } from './recognised.ts'
import { sarifOf } from './sarif.ts'

const kinds = {
  settings: 'text',
  world: 'text',
  'misp-defaults': 'flag',
  profile: 'text',
  workspace: 'text',
  json: 'flag',
  pick: 'text',
  format: 'text',
  strict: 'flag'
} as const

const formats = ['human', 'json', 'sarif'] as const
type Format = (typeof formats)[number]

export const checkCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 10_000 })
  const format = formatOf(options.format ?? (options.json ? 'json' : 'human'))
  // One workflow is answered as it always was: of several somebody picks one, what cannot be read is an error, and `--json` prints two lists.
  const alone = words.length === 1 && options.format === undefined && !isFolder(words[0] as string)
  const { world, ...given } = await readRunOptions(options, context.complain)
  const asked = { allow: [], ...(world ? { world } : {}) }
  const report = await withFiles(context, { ...options, named: { workflow: words } }, asked, async (files) => {
    const recognised = new Map<string, { readonly use: ProfileUse; readonly files: Set<string> }>()
    const check: Asked['check'] = async (workflow, file) => {
      if (options.profile === undefined) {
        const use = await files.host.ask('workflows.profile', { workflow })
        const text = JSON.stringify(use.evidence)
        const known = recognised.get(text) ?? { use, files: new Set<string>() }
        if (use.how === 'recognised') recognised.set(text, known)
        known.files.add(file)
      }
      return files.host.ask('workflows.check', { workflow, options: given })
    }
    const found = await lintAll(words, { files, check, one: alone, goesOn: words.length > 1, pick: options.pick })
    for (const { use, files } of recognised.values())
      tellRecognised(use, context, alone ? '' : ` in ${named([...files])}`)
    return found
  })
  if (report.workflows === 0 && report.findings.length === 0) {
    tellLeftOut(report, context)
    const where = words.map(nameOf).join(', ')
    throw new CodedError('FILE_NOT_FOUND', `There is no workflow or blueprint in ${where}.`, { file: words[0] ?? '' })
  }
  const open = report.findings.filter(({ suppressed }) => suppressed === null)
  const unread = open.flatMap((one) => one.unread ?? [])
  if (alone && unread[0]) throw hinted(unread[0])
  print(report, { format, alone, context })
  if (unread.length > 0) return exitStatus.badInput
  return open.some(({ severity }) => severity === 'error' || options.strict) ? 1 : 0
}

/** A file of several is checked as a whole, too. */
const hinted = (error: CodedError): CodedError =>
  error.code !== 'INPUT_SEVERAL' || error.details?.entries === undefined
    ? error
    : new CodedError(
        error.code,
        `${error.message.replace(/[^…]$/, '$&.')} With --format human all of them are checked.`,
        error.details
      )

function formatOf(given: string): Format {
  const format = formats.find((one) => one === given)
  if (format === undefined)
    throw new CodedError('COMMAND_INVALID', `--format takes ${formats.join(', ')}, not “${given}”.`)
  return format
}

interface Asked {
  readonly files: FilesHost
  readonly check: (workflow: WorkflowSource, file: string) => Promise<readonly WorkflowProblem[]>
  readonly one: boolean
  readonly goesOn: boolean
  readonly pick: string | undefined
}

/** Files and folders in one go; standard input, and workflows of the workspace by name or id, one by one. */
async function lintAll(words: readonly string[], { files, check, ...how }: Asked): Promise<LintReport> {
  const ports: LintPorts = { ...how, check: (workflow, file) => check({ json: workflow }, file) }
  const inFiles = words.filter((word) => word !== '-' && isThere(word))
  const findings: Finding[] = []
  const report =
    inFiles.length > 0 ? await lint(inFiles, ports) : { findings, workflows: 0, files: 0, leftOut: nothingLeftOut }
  append(findings, report.findings)
  let { workflows, files: read } = report
  for (const word of words.filter((one) => !inFiles.includes(one))) {
    if (word === '-') {
      const found = await lintBytes(await readBytes(word, 'workflow'), nameOf(word), ports)
      append(findings, found.findings)
      workflows += found.workflows
      read++
    } else {
      const found = await files.workflow(word, how.pick).catch((error: unknown) => {
        if (how.goesOn && error instanceof CodedError) return unreadFinding(word, error)
        throw error
      })
      append(findings, 'source' in found ? unplaced(await check(found.source, word), word) : [found])
      if ('source' in found) workflows++
    }
  }
  return { ...report, findings, workflows, files: read }
}

interface Printing {
  readonly format: Format
  readonly alone: boolean
  readonly context: CommandContext
}

function print(report: LintReport, { format, alone, context }: Printing): void {
  if (format === 'sarif') context.print(JSON.stringify(sarifOf(report, context.version), null, 2))
  else if (format === 'json') (alone ? printLists : printJson)(report, context)
  else printHuman(report, alone, context)
}
