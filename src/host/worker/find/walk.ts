// Every key and every value of a part, without what was walked before: shared containers are seen once.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'

interface Frame {
  readonly box: JsonMap
  /** Null: a list. */
  readonly keys: readonly string[] | null
  readonly length: number
  at: number
}

/** True: that is it. */
export type Visit = (key: string | null, value: Json) => boolean

const enter = (box: Json & object): Frame => {
  if (Array.isArray(box)) return { box: box as unknown as JsonMap, keys: null, length: box.length, at: -1 }
  const keys = Object.keys(box)
  return { box: box as JsonMap, keys, length: keys.length, at: -1 }
}

const keyAt = ({ keys, at }: Frame): string | number => (keys === null ? at : (keys[at] as string))

const portion = 20_000

/** Yields now and then so that others can have the thread; returns the place that the visit stopped at, or null. */
export function* walk(
  root: Json,
  seen: Set<object>,
  visit: Visit
): Generator<void, { path: ValuePath; value: Json } | null> {
  if (typeof root !== 'object' || root === null) return visit(null, root) ? { path: [], value: root } : null
  if (seen.has(root)) return null
  seen.add(root)
  const stack: Frame[] = [enter(root)]
  let count = 0
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (++frame.at >= frame.length) {
      stack.pop()
      continue
    }
    if (++count % portion === 0) yield
    const key = keyAt(frame)
    const value = frame.box[key] as Json
    if (visit(typeof key === 'string' ? key : null, value)) return { path: stack.map(keyAt), value }
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    stack.push(enter(value))
  }
  return null
}
