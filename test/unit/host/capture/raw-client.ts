// A client that writes what it is told, byte by byte, and tells how the connection ended.
import { connect } from 'node:net'

export interface Conversation {
  readonly answer: string
  readonly status: number
  /** Set when the connection was reset. */
  readonly error: string | null
}

export interface Script {
  /** Written one after the other, each after the time before it in milliseconds. */
  readonly parts: readonly (string | Buffer | number)[]
  /** Closes the sending half after the last part. */
  readonly end?: boolean
}

export function talk(port: number, script: Script | string | Buffer): Promise<Conversation> {
  const { parts, end = false } = typeof script === 'string' || Buffer.isBuffer(script) ? { parts: [script] } : script
  return new Promise((resolve) => {
    let answer = ''
    let error: string | null = null
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: false }, () => void write())
    const write = async (): Promise<void> => {
      for (const part of parts) {
        if (typeof part === 'number') await new Promise((wait) => setTimeout(wait, part))
        else if (!socket.destroyed) socket.write(part)
      }
      if (end) socket.end()
    }
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', (problem: NodeJS.ErrnoException) => (error = problem.code ?? problem.message))
    socket.on('close', () =>
      resolve({
        answer,
        status: Number(/^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(answer)?.[1] ?? 0),
        error
      })
    )
  })
}

export const request = (
  target: string,
  body: string | Buffer,
  headers: readonly string[] = [],
  method = 'POST'
): Buffer =>
  Buffer.concat([
    Buffer.from(
      [
        `${method} ${target} HTTP/1.1`,
        'Host: 127.0.0.1:27051',
        'Connection: close',
        'User-Agent: CakePHP',
        'Content-Type: application/x-www-form-urlencoded',
        ...(headers.some((header) => /^(content-length|transfer-encoding):/i.test(header))
          ? []
          : [`Content-Length: ${Buffer.byteLength(body)}`]),
        ...headers,
        '',
        ''
      ].join('\r\n')
    ),
    Buffer.from(body)
  ])
