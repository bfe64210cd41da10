// Files that a person brings: what they are is found out by the host; here they are only handed over.
import { client } from '../client/client.ts'
import { canUpload, inlineLimit, uploadFile } from '../client/upload.ts'
import { app, showFailure, toast } from './app.ts'
import { navigate } from './router.ts'

type Imported = { readonly kind: 'data' | 'workflow' | 'posts' | 'log'; readonly id: string }

async function looksLikeWorkflow(file: File): Promise<string | null> {
  if (file.size > inlineLimit) return null
  const text = await file.text()
  return /"module_type"\s*:/.test(text) && !/"source"\s*:\s*\{\s*"node_id"/.test(text) ? text : null
}

let uploads = 0

/** Shown as a job of the status bar, with its progress. */
async function importUpload(file: File) {
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
  return sent.ok ? client.call('data.import', { name: file.name, uploadId: sent.data.uploadId }) : sent
}

async function importOne(file: File): Promise<Imported | null> {
  const workflow = await looksLikeWorkflow(file)
  if (workflow !== null) {
    const saved = await client.call('workflows.save', { text: workflow, note: `Imported from ${file.name}` })
    if (!saved.ok) return (showFailure(saved.error), null)
    return { kind: 'workflow', id: saved.data.id }
  }
  // Anything bigger than the limit goes past the window as a stream.
  const answer =
    file.size > inlineLimit && canUpload()
      ? await importUpload(file)
      : await client.call('data.import', { name: file.name, text: await file.text() })
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
  navigate([last.kind === 'workflow' ? 'workflows' : 'data', last.id])
}

export function pickFiles(accept = '.json,.ndjson,.log,.txt,.csv'): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = accept
  input.onchange = () => void importFiles([...(input.files ?? [])])
  input.click()
}
