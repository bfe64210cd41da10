// Messages on a socket: JSON texts, one a line.
import type { Socket } from 'node:net'

/** Of a question, as a page's may have: what is larger goes as a file. */
export const mostAsked = 64 * 1024 * 1024
/** Of an answer: V8 cannot hold a text much longer than this. */
export const mostAnswered = 400 * 1024 * 1024

/** Calls `take` with each line; `broken` once when one is longer than any message. */
export function readMessages(
  socket: Socket,
  take: (text: string) => void,
  broken: () => void,
  mostBytes: number
): void {
  let parts: Buffer[] = []
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    let from = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)])
      parts = []
      bytes = 0
      from = end + 1
      if (socket.destroyed) return
      take(line.toString('utf8'))
    }
    if (from === chunk.length) return
    parts.push(chunk.subarray(from))
    bytes += chunk.length - from
    if (bytes <= mostBytes) return
    parts = []
    broken()
  })
}

export function sendMessage(socket: Socket, text: string): void {
  if (socket.writable) socket.write(`${text}\n`)
}
