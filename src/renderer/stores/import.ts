// Files that a person brings: what they are is found out by the host; here they are only handed over.
import type { Params } from '../../contract/operations.ts'
import { client } from '../client/client.ts'
import { canUpload, inlineLimit, uploadFile } from '../client/upload.ts'
import { app, showFailure, toast } from './app.ts'
import { navigate } from './router.ts'

type Imported = { readonly kind: 'data' | 'workflow' | 'blueprint' | 'posts' | 'log'; readonly id: string }

async function looksLikeWorkflow(file: File): Promise<string | null> {
  if (file.size > inlineLimit) return null
  const text = await file.text()
  return /"module_type"\s*:/.test(text) && !/"source"\s*:\s*\{\s*"node_id"/.test(text) ? text : null
}

/** Captured posts (a line each), a run as one file, MISP's execution log or its log export: told by how they begin. */
async function looksCaptured(file: File): Promise<boolean> {
  const head = await file.slice(0, 4096).text()
  const first = head.split('\n', 1)[0] ?? ''
  return (
    /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] Workflow\(/.test(first) ||
    (/^\{/.test(first) && /"target"\s*:/.test(head) && /"(body|bodyBase64|posts)"\s*:/.test(head)) ||
    (/"Log"\s*:\s*\{/.test(head) && /execute_workflow/.test(head)) ||
    /"format"\s*:\s*"retrace-captured-run"/.test(head)
  )
}

let uploads = 0

/** Shown as a job of the status bar, with its progress. */
async function importUpload<N extends 'data.import' | 'capture.import'>(file: File, operation: N) {
  const job = { jobId: `upload-${++uploads}`, label: `Sending ${file.name}`, total: 100 }
  const show = (done: number, state: 'running' | 'done') =>
    app.setState(({ jobs }) => ({
      jobs: [
        ...jobs.filter((one) => one.jobId !== job.jobId),
        ...(state === 'running' ? [{ ...job, done, state }] : [])
      ]
    }))
  show(0, 'running')
  const sent = await uploadFile(file, (part) => show(Math.round(part * 100), 'running')).answer
  show(100, 'done')
  return sent.ok ? client.call(operation, { name: file.name, uploadId: sent.data.uploadId } as Params<N>) : sent
}

/** Anything bigger than the limit goes past the window as a stream. */
const handOver = async <N extends 'data.import' | 'capture.import'>(file: File, operation: N) =>
  file.size > inlineLimit && canUpload()
    ? importUpload(file, operation)
    : client.call(operation, { name: file.name, text: await file.text() } as Params<N>)

async function importCaptured(file: File): Promise<Imported | null> {
  const answer = await handOver(file, 'capture.import')
  if (!answer.ok) return (showFailure(answer.error), null)
  const { kind, runs, posts, lines, unassigned } = answer.data
  toast(
    kind === 'log'
      ? `${lines} log lines`
      : `${posts} posts in ${runs} runs${unassigned > 0 ? `, ${unassigned} without a run` : ''}`
  )
  return { kind: kind === 'log' ? 'log' : 'posts', id: '' }
}

async function importOne(file: File): Promise<Imported | null> {
  if (await looksCaptured(file)) return importCaptured(file)
  const workflow = await looksLikeWorkflow(file)
  if (workflow !== null && /"WorkflowBlueprint"\s*:/.test(workflow)) {
    const done = await client.call('blueprints.import', { files: [{ name: file.name, text: workflow }] })
    if (!done.ok) return (showFailure(done.error), null)
    const [failed] = done.data.failed
    if (failed) return (showFailure({ code: 'BLUEPRINT_INVALID', message: failed.message }), null)
    return { kind: 'blueprint', id: 'blueprints' }
  }
  if (workflow !== null) {
    const saved = await client.call('workflows.save', { text: workflow, note: `Imported from ${file.name}` })
    if (!saved.ok) return (showFailure(saved.error), null)
    return { kind: 'workflow', id: saved.data.id }
  }
  const answer = await handOver(file, 'data.import')
  if (!answer.ok) return (showFailure(answer.error), null)
  return { kind: 'data', id: answer.data.id }
}

export async function importFiles(files: readonly File[]): Promise<void> {
  const done: Imported[] = []
  for (const file of files) {
    const one = await importOne(file)
    if (one) done.push(one)
  }
  const last = done.at(-1)
  if (!last) return
  toast(done.length === 1 ? 'Imported' : `${done.length} files imported`, { tone: 'success' })
  // The editor says what does not fit the modules that are here.
  if (last.kind === 'workflow') return navigate(['workflows', last.id], { imported: '1' })
  navigate(
    last.kind === 'blueprint'
      ? ['workflows', last.id]
      : last.kind === 'data'
        ? ['data', last.id]
        : [last.kind === 'log' ? 'log' : 'runs']
  )
}

export function pickFiles(accept = '.json,.ndjson,.log,.txt,.csv'): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = accept
  input.onchange = () => void importFiles([...(input.files ?? [])])
  input.click()
}
