// Python's textwrap.wrap with tabs and line breaks left alone, as the filter wordwrap uses it.
import { valueError } from './errors.ts'
import { tick } from './limits.ts'
import { isAllSpace, lengthOf } from './text.ts'

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

/** A word, or what is left of one: one that is broken many times is taken apart once. */
class Chunk {
  private points: readonly string[] | null = null
  private from = 0
  /** How many blanks it ends with. */
  private readonly blanks: number
  length: number

  constructor(private readonly text: string) {
    this.length = lengthOf(text)
    let end = text.length
    // Blanks are of one unit each.
    while (end > 0 && isAllSpace(text[end - 1]!)) end--
    this.blanks = text.length - end
  }

  get isBlank(): boolean {
    return this.length <= this.blanks
  }

  /** Its first code points. */
  begin(count: number): string {
    this.points ??= [...this.text]
    return this.points.slice(this.from, this.from + count).join('')
  }

  cut(count: number): void {
    this.from += count
    this.length -= count
  }

  toString(): string {
    return this.points === null ? this.text : this.begin(this.length)
  }
}

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
    .map((chunk) => new Chunk(chunk))
    .reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    const line = fillLine(chunks, lines.length > 0, width, breakLong, hyphens)
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}

function fillLine(chunks: Chunk[], later: boolean, width: number, breakLong: boolean, hyphens: boolean): string[] {
  const line: string[] = []
  let used = 0
  if (later && chunks.at(-1)!.isBlank) chunks.pop()
  for (let chunk = chunks.at(-1); chunk !== undefined; chunk = chunks.at(-1)) {
    if (used + chunk.length > width) break
    line.push(String(chunk))
    chunks.pop()
    used += chunk.length
  }
  const next = chunks.at(-1)
  if (next !== undefined && next.length > width) {
    if (breakLong) line.push(breakWord(next, width - used, hyphens))
    else if (line.length === 0) line.push(String(chunks.pop()))
  }
  const last = line.at(-1)
  if (last === '' || (last !== undefined && isAllSpace(last))) line.pop()
  return line
}

/** Takes from a word what has room in a line. */
function breakWord(chunk: Chunk, room: number, hyphens: boolean): string {
  let end = room
  if (hyphens && chunk.length > room) {
    const begin = chunk.begin(room)
    const hyphen = lengthOf(begin.slice(0, Math.max(0, begin.lastIndexOf('-'))))
    if (hyphen > 0 && /[^-]/.test(chunk.begin(hyphen))) end = hyphen + 1
  }
  const begin = chunk.begin(end)
  chunk.cut(end)
  return begin
}
