// What the listener answers: a whole status line and text, and always the end of the connection.

export interface Answer {
  readonly status: number
  readonly text: string
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage'
}

function encode({ status, text }: Answer): Buffer {
  const body = Buffer.from(`${text}\n`)
  const challenge = status === 401 ? 'WWW-Authenticate: Basic realm="retrace"\r\n' : ''
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} ${reasons[status] ?? 'Answer'}\r\nContent-Type: text/plain; charset=utf-8\r\n${challenge}` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`
    ),
    body
  ])
}

const okAnswer = encode({ status: 200, text: 'ok' })

export const encodeAnswer = (answer: Answer): Buffer =>
  answer.status === 200 && answer.text === 'ok' ? okAnswer : encode(answer)

export const continueAnswer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')
