// Large files go past the operations: as a stream to the browser host, with progress; in Electron the host copies the file by itself.
import { errorTable } from '../../contract/errors.ts'
import type { Answer } from '../../contract/wire.ts'
import { client } from './client.ts'

/** What the window may hold as text. */
export const inlineLimit = 8 * 1024 * 1024

/** Whether the host has an address where files are fetched and sent. */
export const hasAddress = (): boolean => client.desktop === null

/** `done` is called with the part that was sent, 0 to 1. */
export function uploadFile(
  file: File,
  done: (part: number) => void = () => undefined
): { readonly answer: Promise<Answer<{ readonly uploadId: string }>>; cancel(): void } {
  if (client.desktop) return { answer: client.desktop.upload(file), cancel: () => undefined }
  const request = new XMLHttpRequest()
  const lost = (message: string) => ({ ok: false as const, error: { code: 'HOST_LOST' as const, message } })
  const answer = new Promise<Answer<{ readonly uploadId: string }>>((resolve) => {
    request.open('POST', '/api/upload')
    request.setRequestHeader('authorization', `Bearer ${sessionStorage.getItem('retrace.token') ?? ''}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = (event) => event.lengthComputable && done(event.loaded / event.total)
    request.onload = () => {
      try {
        resolve(JSON.parse(request.responseText) as Answer<{ readonly uploadId: string }>)
      } catch {
        resolve(lost('The file was not accepted.'))
      }
    }
    request.onerror = () => resolve(lost('The connection was lost during the upload.'))
    request.onabort = () => resolve({ ok: false, error: { code: 'CANCELLED', message: errorTable.CANCELLED } })
    request.send(file)
  })
  return { answer, cancel: () => request.abort() }
}
