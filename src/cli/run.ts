// `retrace run`: runs a workflow in this process and shows its steps.
import { writeFileSync } from 'node:fs'
import type { Json } from '../contract/json.ts'
import type { RunEvent } from '../contract/run.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { CodedError } from '../contract/errors.ts'
import { assertRunnable } from '../engine/graph/parse.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { runToEnd } from '../engine/run/driver.ts'
import { createRun } from '../engine/run/start.ts'
import { blankSummary, RunFold } from '../host/runs/run-detail.ts'
import { asWriteError } from '../host/store/files.ts'
import { enginePorts } from '../host/worker/ports.ts'
import { buildRunInput } from '../host/worker/run-input.ts'
import { explainNode } from '../host/worker/run-book.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { statusOf } from './context.ts'
import { environmentOptions, readData, readRunOptions, readWorkflow } from './input.ts'
import { postLine } from './posts.ts'
import { RunPrinter } from './print-run.ts'

const kinds = {
  data: 'text',
  index: 'text',
  workspace: 'text',
  json: 'flag',
  posts: 'text',
  'as-is': 'flag',
  ...environmentOptions
} as const

export const runCommand: Command = async ({ args, print, color, usage }) => {
  const { options, words } = parseCommand(args, kinds, usage, { min: 1, max: 1 })
  const file = words[0] as string
  const workflow = await readWorkflow(file)
  if (!options['as-is']) assertRunnable(workflow, file === '-' ? 'standard input' : file)
  const data = await readData(required(options.data, 'data', usage), options.index)
  const runOptions = await readRunOptions(options)
  const workflows = options.workspace === undefined ? [] : await readWorkflows(options.workspace)
  const input = buildRunInput({ workflow, data, options: runOptions, workflows })
  const runId = enginePorts().uuid()
  const printer = options.json ? null : new RunPrinter(print, color)
  const fold = new RunFold({ explain: explainNode })
  const posts: RunEvent[] = []
  const onEvent = (event: RunEvent): void => {
    if (options.json) print(encodeJson(event as unknown as Json))
    if (event.type === 'post') posts.push(event)
    // Fired runs have their own starts and ends; this fold is of the run that was asked for.
    if (event.runId === runId) fold.apply(event)
    printer?.event(event, runId)
  }
  runToEnd(
    createNamed(file, options.data ?? '-', { ...input, options: { ...input.options, runId } }, enginePorts(), onEvent)
  )
  const startedAt = runOptions.now === undefined ? Date.now() : Date.parse(runOptions.now)
  if (options.posts !== undefined)
    writePosts(
      options.posts,
      posts.map((event) => postLine(event, startedAt)),
      print
    )
  const detail = fold.detail(fold.summary(blankSummary(runId, new Date(startedAt).toISOString())))
  printer?.end(detail)
  const { finished } = fold
  if (!finished) throw new Error('the run has no end')
  return statusOf(finished.outcome, finished.success)
}

/** The engine does not know files; a user's error names the one that is wrong. */
function createNamed(
  workflow: string,
  data: string,
  ...args: Parameters<typeof createRun>
): ReturnType<typeof createRun> {
  try {
    return createRun(...args)
  } catch (error) {
    if (!(error instanceof CodedError) || error.details?.file !== undefined) throw error
    const file = error.details?.place?.startsWith('data') ? data : workflow
    throw new CodedError(error.code, `${file}: ${error.message}`, { ...error.details, file })
  }
}

function writePosts(file: string, lines: readonly string[], print: (line: string) => void): void {
  if (file === '-') {
    for (const line of lines) print(line)
    return
  }
  try {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    throw asWriteError(error, file)
  }
}

/** The workspace's workflows, which a cascade may run. */
async function readWorkflows(folder: string): Promise<RawWorkflow[]> {
  const [{ Workflows }, { parseWorkflow }, { join }] = await Promise.all([
    import('../host/store/workflows.ts'),
    import('../engine/graph/parse.ts'),
    import('node:path')
  ])
  const workflows = await Workflows.open(join(folder, 'workflows'), ({ message }) => {
    throw new CodedError('STORE_FILE_UNREADABLE', message)
  })
  return workflows.list().map(({ id }) => parseWorkflow(workflows.get(id).workflow, id))
}
