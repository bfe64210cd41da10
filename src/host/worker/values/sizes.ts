// How large the data is at each step, for the profile above the timeline. What steps share is measured once.
import type { Json } from '../../../contract/json.ts'
import { noHalt } from '../thread/halt.ts'
import { stepValue } from '../runs/run-book.ts'
import type { OpenRun } from '../runs/open-run.ts'

/** Parts measured between two looks at other work. */
const breath = 50_000

/** About the bytes of each step's output as compact JSON; the trigger's data first. */
export async function stepSizes(run: OpenRun, halt = noHalt): Promise<readonly number[]> {
  const known = new WeakMap<object, number>()
  let measured = 0

  const scalar = (value: Json): number => (typeof value === 'string' ? value.length + 2 : String(value).length)
  /** Post-order with a stack of its own: data may nest deeper than JavaScript's. */
  const sizeOf = async (root: Json | undefined): Promise<number> => {
    if (root === undefined) return 0
    if (typeof root !== 'object' || root === null) return scalar(root)
    const stack: object[] = [root]
    while (stack.length > 0) {
      const value = stack.at(-1) as Record<string, Json>
      if (known.has(value)) {
        stack.pop()
        continue
      }
      let size = 2
      let waiting = false
      for (const key of Object.keys(value)) {
        const child = value[key] as Json
        size += Array.isArray(value) ? 1 : key.length + 4
        if (typeof child !== 'object' || child === null) size += scalar(child)
        else {
          const inner = known.get(child)
          if (inner === undefined) {
            stack.push(child)
            waiting = true
          } else size += inner
        }
      }
      if (!waiting) {
        known.set(value, size)
        stack.pop()
      }
      if (++measured % breath === 0) await halt.breathe()
    }
    return known.get(root) ?? 0
  }

  const sizes: number[] = []
  for (let step = 0; step <= run.fold.data.length; step++) sizes.push(await sizeOf(stepValue(run, step, 'output')))
  return sizes
}
