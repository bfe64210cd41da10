// A case's text with something in it that is otherwise. A person wrote it, or will read its difference: what stays the same keeps its place, its
// layout and its numbers as they stand.
import { isDeepStrictEqual as isSame } from 'node:util'
import { applyEdits, modify, parseTree, type Node } from 'jsonc-parser'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { caseText } from '../../engine/case/write.ts'
import { isMap } from '../../engine/php/values.ts'
import { parseBytes } from '../worker/runs/input.ts'
import { readFile } from './case-files.ts'
import type { ReadCase } from './case-reader.ts'

const byteOrderMark = '\ufeff'
/** A list with more of them is written anew: each takes parsing the text. */
const mostChanges = 20

interface Change {
  readonly keys: readonly (string | number)[]
  /** Undefined: it goes. */
  readonly value: Json | undefined
  readonly isInserted?: boolean
}

/**
 * Its text once it is `wanted`.
 * @throws CodedError CASE_CHANGED where somebody saved the file since it was read
 */
export function editedCase({ path, file, raw, stamp }: ReadCase, wanted: JsonMap): string {
  const found = readFile(path, file)
  if (found.stamp !== stamp)
    throw new CodedError('CASE_CHANGED', `${file} was saved by somebody else meanwhile; nothing was written.`, { file })
  const whole = found.bytes.toString('utf8')
  if (whole === caseText(raw as never)) return caseText(wanted as never)
  const plain = JSON.stringify(wanted)
  const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : ''
  const edited = mark + changesOf(raw, JSON.parse(plain) as Json).reduce(withChange, whole.slice(mark.length))
  // A key that stands there twice is not found where it counts.
  return isAlike(edited, plain) ? edited : caseText(wanted as never)
}

function isAlike(...texts: readonly [string, string]): boolean {
  try {
    const [a, b] = texts.map((text) => parseBytes(Buffer.from(text), 'the case'))
    return isSame(a, b)
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}

function changesOf(before: Json, after: Json, keys: Change['keys'] = []): readonly Change[] {
  if (isSame(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, keys)
  if (!isMap(before) || !isMap(after)) return [{ keys, value: after }]
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [
    ...gone.map((key) => ({ keys: [...keys, key], value: undefined })),
    ...Object.entries(after).flatMap(([key, value]) =>
      Object.hasOwn(before, key)
        ? changesOf(before[key] as Json, value, [...keys, key])
        : [{ keys: [...keys, key], value }]
    )
  ]
}

/** Between what stays the same in front and behind. */
function listChanges(before: readonly Json[], after: readonly Json[], keys: Change['keys']): readonly Change[] {
  const shorter = Math.min(before.length, after.length)
  let front = 0
  while (front < shorter && isSame(before[front], after[front])) front++
  let behind = 0
  while (behind < shorter - front && isSame(before.at(-1 - behind), after.at(-1 - behind))) behind++
  const both = shorter - behind
  const changed = after
    .slice(front, both)
    .flatMap((value, i) => changesOf(before[front + i] as Json, value, [...keys, front + i]))
  // The last first, so that places before stay what they are.
  const gone = before.slice(both, before.length - behind).map(() => ({ keys: [...keys, both], value: undefined }))
  const added = after
    .slice(both, after.length - behind)
    .map((value, i) => ({ keys: [...keys, both + i], value, isInserted: true }))
  const all = [...changed, ...gone, ...added]
  return all.length > mostChanges ? [{ keys, value: [...after] }] : all
}

function withChange(text: string, { keys, value, isInserted = false }: Change): string {
  const { own, nodes } = follow(text, keys)
  const found = nodes.every((node) => node !== undefined) ? nodes : undefined
  if (value === undefined) return found ? without(text, found) : text
  const node = isInserted ? undefined : found?.at(-1)
  if (node && (typeof value !== 'object' || value === null))
    return text.slice(0, node.offset) + JSON.stringify(value) + text.slice(node.offset + node.length)
  const edits = modify(text, [...own], value, {
    isArrayInsertion: isInserted,
    ...(text.trim().includes('\n') ? { formattingOptions: layoutOf(text) } : {})
  })
  return applyEdits(text, edits)
}

/** The last of them goes, with its key and one comma. */
function without(text: string, nodes: readonly Node[]): string {
  const [above, node] = nodes.slice(-2)
  const all = above?.children ?? []
  const at = all.findIndex((one) => one === node || one.children?.[1] === node)
  const [before, own, after] = [all[at - 1], all[at], all[at + 1]]
  if (own === undefined) return text
  // Nothing is left: neither is the line that it had.
  if (all.length === 1 && above)
    return `${text.slice(0, above.offset + 1)}${text.slice(above.offset + above.length - 1)}`
  const end = own.offset + own.length
  const [from, to] = after ? [own.offset, after.offset] : [before ? before.offset + before.length : own.offset, end]
  return text.slice(0, from) + text.slice(to)
}

function layoutOf(text: string) {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}

/** From the whole down to what is there, and the keys as the text has them: what PHP reads as a list may be a map in it. */
function follow(
  text: string,
  keys: Change['keys']
): { readonly own: Change['keys']; readonly nodes: readonly (Node | undefined)[] } {
  const nodes = [parseTree(text)]
  const own = keys.map((key) => {
    const above = nodes.at(-1)
    const named = above?.type === 'object' ? String(key) : key
    nodes.push(child(above, named))
    return named
  })
  return { own, nodes }
}

const child = (node: Node | undefined, key: string | number): Node | undefined =>
  node?.type === 'object'
    ? node.children?.find(({ children }) => children?.[0]?.value === String(key))?.children?.[1]
    : node?.children?.[Number(key)]
