// Blueprints of the workspace: a small list, kept live.
import { createStore } from 'zustand/vanilla'
import type { BlueprintImport, BlueprintSummary } from '../../contract/editing.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'

export const blueprints = createStore<{ readonly list: readonly BlueprintSummary[] | null }>(() => ({ list: null }))

export async function loadBlueprints(): Promise<void> {
  const answer = await client.call('blueprints.list', {})
  if (answer.ok) blueprints.setState({ list: answer.data })
}

client.on('blueprints.changed', () => void loadBlueprints())

/** Reads files or a folder's files and hands them over; what is no JSON file is left out. */
export async function importBlueprints(
  files: readonly File[],
  options: { readonly repository: boolean; readonly force: boolean }
): Promise<BlueprintImport | null> {
  const wanted = files.filter((file) => /\.json$/i.test(file.name) && !/\/\./.test(`/${file.webkitRelativePath}`))
  if (wanted.length === 0) {
    toast('The folder contains no JSON file.', { tone: 'error' })
    return null
  }
  const texts = await Promise.all(wanted.map(async (file) => ({ name: file.name, text: await file.text() })))
  const answer = await client.call('blueprints.import', { files: texts, ...options })
  if (!answer.ok) return (showFailure(answer.error), null)
  await loadBlueprints()
  return answer.data
}
