// Python's textwrap.wrap with tabs and line breaks left alone, as the filter wordwrap uses it.
import { valueError } from './errors.ts'
import { tick } from './limits.ts'
import { isAllSpace, lengthOf, substring } from './text.ts'

const W = '[\\p{L}\\p{N}_]'
const LETTER = '[\\p{L}\\p{Nl}\\p{No}_]'
const PUNCTUATED = `[\\p{L}\\p{N}_!"'&.,?]`
const BLANK = '[\\t\\n\\v\\f\\r ]'
const CHUNKS = new RegExp(
  `(${BLANK}+|(?<=${PUNCTUATED})-{2,}(?=${W})|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))` +
    `(?=${LETTER}-?${LETTER})|(?=${BLANK}|$)|(?<=${PUNCTUATED})(?=-{2,}${W})))`,
  'u'
)
const WORDS = new RegExp(`(${BLANK}+)`, 'u')

const isBlank = (chunk: string): boolean => chunk === '' || isAllSpace(chunk)

/** The lines of one paragraph; throws ValueError for a width below one. */
export function wrapParagraph(
  text: string,
  width: number,
  breakLong: boolean,
  hyphens: boolean,
  splitHyphens: boolean
): string[] {
  if (width <= 0) throw valueError(`invalid width ${width} (must be > 0)`)
  tick(text.length >> 2)
  const chunks = text
    .split(splitHyphens ? CHUNKS : WORDS)
    .filter((chunk) => chunk !== '' && chunk !== undefined)
    .reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    const line = fillLine(chunks, lines.length > 0, width, breakLong, hyphens)
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}

function fillLine(chunks: string[], later: boolean, width: number, breakLong: boolean, hyphens: boolean): string[] {
  const line: string[] = []
  let used = 0
  if (later && isBlank(chunks.at(-1) as string)) chunks.pop()
  for (let chunk = chunks.at(-1); chunk !== undefined; chunk = chunks.at(-1)) {
    const length = lengthOf(chunk)
    if (used + length > width) break
    line.push(chunk)
    chunks.pop()
    used += length
  }
  const next = chunks.at(-1)
  if (next !== undefined && lengthOf(next) > width) {
    if (breakLong) breakWord(chunks, line, width - used, hyphens)
    else if (line.length === 0) line.push(chunks.pop() as string)
  }
  if (line.length > 0 && isBlank(line.at(-1) as string)) line.pop()
  return line
}

function breakWord(chunks: string[], line: string[], room: number, hyphens: boolean): void {
  const chunk = chunks.pop() as string
  const length = lengthOf(chunk)
  let end = room
  if (hyphens && length > room) {
    const hyphen = lengthOf(chunk.slice(0, Math.max(0, substring(chunk, 0, room).lastIndexOf('-'))))
    if (hyphen > 0 && /[^-]/.test(substring(chunk, 0, hyphen))) end = hyphen + 1
  }
  line.push(substring(chunk, 0, end))
  chunks.push(substring(chunk, end, length))
}
