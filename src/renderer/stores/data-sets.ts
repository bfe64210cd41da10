// What can be done with data sets of the workspace.
import type { DataSummary } from '../../contract/workspace.ts'
import { client } from '../client/client.ts'
import { download } from '../client/download.ts'
import { hasAddress } from '../client/upload.ts'
import { showFailure, toast } from './app.ts'

export async function deleteData(ids: readonly string[]): Promise<void> {
  const answer = await client.call('data.delete', { dataIds: [...ids] })
  if (!answer.ok) return showFailure(answer.error)
  const undo = async () => {
    const back = await client.call('data.restore', { dataIds: [...ids] })
    if (!back.ok) showFailure(back.error)
  }
  toast(ids.length === 1 ? `${answer.data[0]?.name ?? 'Data set'} deleted` : `${ids.length} data sets deleted`, {
    action: { label: 'Undo', run: () => void undo() }
  })
}

/** False when it was refused, which is said. */
export async function renameData(id: string, name: string): Promise<boolean> {
  const answer = await client.call('data.rename', { dataId: id, name })
  if (!answer.ok) showFailure(answer.error)
  return answer.ok
}

const fileName = (name: string): string => (name.endsWith('.json') ? name : `${name}.json`)

/** The bytes as they were imported where the host can stream them, else their JSON. */
export async function downloadData({ id, name }: Pick<DataSummary, 'id' | 'name'>): Promise<void> {
  if (hasAddress()) {
    const token = sessionStorage.getItem('retrace.token') ?? ''
    const response = await fetch(`/api/data/${encodeURIComponent(id)}`, {
      headers: { authorization: `Bearer ${token}` }
    }).catch(() => null)
    if (response?.ok) return download(fileName(name), await response.blob())
  }
  const answer = await client.call('data.text', { dataId: id })
  if (!answer.ok) return showFailure(answer.error)
  download(fileName(name), answer.data.text, 'application/json')
}
