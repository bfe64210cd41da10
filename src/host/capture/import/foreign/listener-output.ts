// What MISP's tools/misp-workflows/webhook-listener.py leaves in a terminal or a file: a line of the web server for each request, then its
// headers and its body as Python prints them. Where the lines went elsewhere (they are written to the error output), paths are not known.
import { isUnknownMap, type Json } from '../../../../contract/json.ts'
import { NoLiteral, PythonReader } from './python-literal.ts'
import { isDebugBody, type ForeignRequest } from './request.ts'

const accessLine = /^\S+ - - \[(\d\d)\/(\w{3})\/(\d{4}) ([\d:]{8})\] "(?:POST|PUT) (\S+) HTTP\/[\d.]+" \d+ -\s*$/
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

export const looksLikeListenerOutput = (head: string): boolean =>
  /^\S+ - - \[\d\d\/\w{3}\/\d{4} [\d:]{8}\] "POST \S+ HTTP/m.test(head) ||
  (/^\{'[\w-]+': '/m.test(head) && /^\{'(?:data|source|timestamp|errors)': /m.test(head))

/** Lines that no request is in are left out: the server's own. */
export function* requestsOfOutput(text: string): Generator<ForeignRequest> {
  const reader = new PythonReader(text)
  let told: { readonly at: number; readonly target: string } | null = null
  let headers: ForeignRequest['headers'] = []
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    if (text[from] !== '{') {
      const line = text.slice(from, Math.min(end, from + 5000))
      const found = accessLine.exec(line)
      if (found) told = { at: timeOf(found), target: found[5] as string }
      from = end + 1
      continue
    }
    reader.at = from
    const value = readValue(reader)
    from = value === undefined ? end + 1 : reader.at
    if (value === undefined || !isUnknownMap(value)) continue
    if (isDebugBody(value)) {
      // MISP's own clock is in the body and has its zone.
      const at = typeof value['timestamp'] === 'string' ? null : (told?.at ?? null)
      const body = Buffer.from(JSON.stringify(value))
      yield { at, method: 'POST', target: told?.target ?? null, headers, body }
      told = null
      headers = []
    } else headers = headersOf(value)
  }
}

function readValue(reader: PythonReader): Json | undefined {
  try {
    return reader.value()
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

/** Local time, read as if it were UTC: no zone is given. */
function timeOf([, day, month = '', year, time]: RegExpExecArray): number {
  const number = String(months.indexOf(month) / 3 + 1).padStart(2, '0')
  return Date.parse(`${year}-${number}-${day}T${time}Z`)
}

const headersOf = (map: Record<string, unknown>): [string, string][] =>
  Object.entries(map).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
