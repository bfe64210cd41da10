// Operations of the listener, of imports and exports, and of MISP's log.
import { Readable } from 'node:stream'
import type { ParsedParams, Result } from '../../contract/operations.ts'
import { CodedError } from '../../contract/errors.ts'
import type { CapturedRun } from '../capture/derive/captured-run.ts'
import { sourceSecrets } from '../capture/understand/mask.ts'
import { encodePostLine } from '../capture/understand/ndjson.ts'
import type { KeptLog } from '../capture/import/log-import.ts'
import { buildRunFile } from '../capture/derive/run-file.ts'
import type { CaptureService } from '../capture/service.ts'
import { asExported } from '../../engine/graph/document.ts'
import { workflowBehind } from '../capture/derive/workflow-behind.ts'
import { bringIn, firstOf } from './import-posts.ts'
import { listLog } from './log.ts'
import { readPosts, type RunPost } from './posts.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import { maskWorkflow } from '../worker/mask/value.ts'
import type { Services } from './services.ts'

type CaptureOperations =
  'capture.status' | 'capture.settings' | 'capture.configure' | 'capture.import' | 'runs.export' | 'log.list'

export const captureHandlers = (services: Services): Handlers<CaptureOperations> => {
  const { capture } = services
  return {
    'capture.status': () => capture.currentStatus(),
    'capture.settings': () => capture.settings,
    'capture.configure': (change) => capture.configure(withoutUndefined(change)),
    'capture.import': (params, call) => importText(services, params, call),
    'runs.export': (params) => exportRun(services, params),
    'log.list': (params, { signal }) => listLog(services, params, signal)
  }
}

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

async function importText(
  services: Services,
  params: ParsedParams<'capture.import'>,
  call: Call
): Promise<Result<'capture.import'>> {
  services.workspace.assertWritable()
  const { name } = params
  const { uploads, capture } = services
  const id = 'text' in params ? await uploads.receive(Readable.from([params.text])) : params.uploadId
  const service = await capture.service()
  const batches = service.readImport({ file: uploads.fileOf(id), name, trigger: params.trigger }, call.signal)
  const first = await firstOf(batches)
  if (first.kind === 'log') return showLog(services, service, first.kept)
  const { runs, numbers } = await bringIn(services, service, { name, first, batches }, call)
  const unassigned = [...numbers.keys()].filter((seq) => service.isUnassigned(seq)).length
  return { kind: first.kind, runs: runs.length, posts: numbers.size, lines: 0, unassigned }
}

async function showLog(
  { capture }: Services,
  service: CaptureService,
  kept: KeptLog
): Promise<Result<'capture.import'>> {
  await capture.showLog(service, kept)
  const used = new Set(kept.runs.flatMap((run) => run.entries))
  const { entries } = kept
  return { kind: 'log', runs: kept.runs.length, posts: 0, lines: entries, unassigned: entries - used.size }
}

async function exportRun(
  { capture, workspace, trust }: Services,
  { runId, format, unmasked }: ParsedParams<'runs.export'>
): Promise<Result<'runs.export'>> {
  const service = await capture.service()
  const run = service.runs.get(runId)
  if (run === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no captured run “${runId}”.`)
  const { posts: raw, missing: unread } = await readPosts(service, run)
  assertStillThere(service, run)
  // Those of the file, too, that nobody has allowed to listen: they are secrets all the same.
  const secrets = [...sourceSecrets(workspace.ownInFile), ...sourceSecrets({ capture: capture.settings })]
  const posts: RunPost[] = []
  const missing = [...unread]
  for (const show of raw) {
    const { seq, job } = show
    try {
      posts.push(unmasked ? show : { ...(await service.views.show({ show, secrets })), seq, job })
    } catch (error) {
      // One that cannot be masked does not leave the workspace, and keeps nobody from the others.
      if (!(error instanceof CodedError)) throw error
      missing.push({ id: String(seq), why: error.message })
    }
  }
  if (format === 'ndjson')
    return { name: `${runId}.ndjson`, text: posts.map((post) => `${encodePostLine(post)}\n`).join(''), missing }
  const workflow = workflowBehind(workspace, trust.settings.own.templateLimits ?? {}, run, raw)
  const shown = unmasked ? workflow : maskWorkflow(workflow)
  if (format === 'workflow')
    return { name: `${runId}-workflow.json`, text: `${JSON.stringify(asExported(shown), null, 1)}\n`, missing }
  const file = buildRunFile(run, posts, missing, shown)
  return { name: `${runId}.json`, text: `${JSON.stringify(file, null, 1)}\n`, missing }
}

/** A removal, or a correction, may have come while its posts were read: what was read would be a part of it. */
function assertStillThere(service: CaptureService, run: CapturedRun): void {
  const now = service.runs.get(run.id)
  if (now === undefined || run.posts.some(([seq]) => service.isRemoved(seq)))
    throw new CodedError('RUN_NOT_FOUND', `The run “${run.id}” was removed while it was read.`)
}
