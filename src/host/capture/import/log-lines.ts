// Lines of a log as people have them: with what docker, journald or grep put before each, with colours, with a mark of the byte order.
import { withoutMark } from '../understand/ndjson.ts'

const head = String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] Workflow\(`
const headIn = new RegExp(head)
const colours = /\x1b\[[\d;]*m/g
const mostPrefix = 300

/** The lines in which docker (json-file) and journald (-o json) wrap what a program wrote, as it wrote them; any other text as it is. */
export function unwrapped(text: string): string {
  if (!/^\s*\{[^\n]*"(?:log|MESSAGE)"\s*:\s*"/.test(text)) return text
  let lines: string | null = null
  for (const line of text.split('\n')) {
    const { log, MESSAGE } = wrapOf(line)
    const written = typeof log === 'string' ? log : MESSAGE
    if (typeof written === 'string') lines = (lines ?? '') + (written.endsWith('\n') ? written : `${written}\n`)
  }
  // The words may stand in what a post tells, too.
  return lines ?? text
}

/** Of a line that is cut off, as at the end of a file's head, nothing. */
function wrapOf(line: string): { readonly log?: unknown; readonly MESSAGE?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Where an entry of MISP's log begins in a line, behind what others put there; -1 for none. */
export function entryAt(line: string): number {
  const found = headIn.exec(line.slice(0, mostPrefix + 40))
  return found && found.index <= mostPrefix ? found.index : -1
}

/** How a prefix looks, whatever its times and numbers are. */
const shapeOf = (prefix: string): RegExp =>
  new RegExp(
    '^' +
      prefix
        .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
        .replace(/\d+/g, String.raw`\d+`)
        .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g, '[A-Z][a-z]{2}')
        .replace(/ +/g, ' +')
  )

/** The lines of MISP's log in a text, as MISP wrote them. Lines of other services between them are left out. */
export function* ownLines(text: string): Generator<string> {
  /** Of what stands before an entry; the lines behind it that belong to its message have the same. */
  let shape = null as RegExp | null
  let prefix: string | null = null
  /** No entry has anything before it. */
  let isPlain = true
  for (const raw of withoutMark(text).split(/\r?\n/)) {
    const line = raw.includes('\x1b') ? raw.replace(colours, '') : raw
    const at = entryAt(line)
    const found = shape?.exec(line)
    // Behind what stands before each line, the words are part of a message: it tells of other people's data.
    const isTold = prefix === '' && isPlain ? at > 0 : found ? found[0].length < at : false
    if (at < 0 || isTold) {
      if (shape === null) yield line
      else if (found) yield line.slice(found[0].length)
      continue
    }
    if (line.slice(0, at) !== prefix) {
      prefix = line.slice(0, at)
      shape = prefix === '' ? null : shapeOf(prefix)
      isPlain &&= prefix === ''
    }
    yield line.slice(at)
  }
}
