// Files that a person brings: what they are is found out by the host; here they are only handed over.
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { navigate } from './router.ts'

/** Anything bigger goes as an upload, so that the window never holds it as text. */
const inlineLimit = 8 * 1024 * 1024

type Imported = { readonly kind: 'data' | 'workflow' | 'posts' | 'log'; readonly id: string }

async function looksLikeWorkflow(file: File): Promise<string | null> {
  if (file.size > inlineLimit) return null
  const text = await file.text()
  return /"module_type"\s*:/.test(text) && !/"source"\s*:\s*\{\s*"node_id"/.test(text) ? text : null
}

async function importOne(file: File): Promise<Imported | null> {
  const workflow = await looksLikeWorkflow(file)
  if (workflow !== null) {
    const saved = await client.call('workflows.save', { text: workflow, note: `Imported from ${file.name}` })
    if (!saved.ok) return (showFailure(saved.error), null)
    return { kind: 'workflow', id: saved.data.id }
  }
  const text = await file.text()
  const answer = await client.call('data.import', { name: file.name, text })
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
