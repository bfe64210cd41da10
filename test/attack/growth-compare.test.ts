// What comparing runs costs: values that were found to be the same are not walked again for each step, whatever was parsed apart.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { compareRuns } from '../../src/engine/replay/compare/compare-runs.ts'
import type { ComparedRun } from '../../src/engine/replay/compare/side.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { scale } from './scale.ts'

const attribute = (id: number, comment = ''): JsonMap => ({
  ...{ id: String(id), type: 'ip-dst', value: `198.51.100.${id}`, comment },
  Tag: [{ name: 'tlp:green' }]
})

interface Shape {
  readonly steps: number
  readonly attributes: number
  /** The comment that a step gives to an attribute; null: it changes nothing. */
  readonly comment: (step: number) => string | null
  /** Another value from the start on. */
  readonly info?: string
  readonly nodeOf?: (step: number) => number
}

/** A run whose steps each change one attribute and share the rest, as a run's file does. */
function runOf({ steps, attributes, comment, info = 'x', nodeOf = (step) => step + 1 }: Shape): ComparedRun {
  let list: Json[] = Array.from({ length: attributes }, (_, i) => attribute(i))
  let data: JsonMap = { Event: { info, Attribute: list } }
  const events: RunEvent[] = []
  const add = (type: string, of: unknown) =>
    events.push({ runId: 'r', seq: events.length + 1, at: 0, nodeId: null, type, data: of } as RunEvent)
  add('run.normalized', { original: data, normalized: data })
  for (let step = 1; step <= steps; step++) {
    const before = data
    const text = comment(step)
    if (text !== null) {
      const at = (step * 7) % attributes
      list = list.with(at, attribute(at, text))
      data = { Event: { info, Attribute: list } }
    }
    const ref = { nodeId: nodeOf(step), moduleId: 'push-zmq', moduleType: 'action' }
    add('node.finished', {
      ...{ ...ref, result: 'success', success: true, errors: [], before, after: data, view: data, params: {} }
    })
  }
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  return { ...{ fold, events, workflow: null, rebuilt: false, origin: 'local' }, clock: null }
}

const steps = scale(400, 4000)
const attributes = scale(1000, 14_000)
/** Of an attribute with all that is in it; of a step with all that is compared of it. */
const [perAttribute, perStep] = [12, 60]
const most = perAttribute * attributes + perStep * steps

const looked = (a: Shape, b: Shape): { readonly looked: number; readonly states: readonly string[] } => {
  const { sameness, rows } = compareRuns(runOf(a), runOf(b))
  return { looked: sameness.looked, states: rows.map(({ state, cause }) => `${state} ${cause}`) }
}

describe('comparing runs of a large event', () => {
  it('looks at it once where no step changes it', () => {
    const shape: Shape = { steps, attributes, comment: () => null }
    const told = looked(shape, shape)
    expect(new Set(told.states)).toEqual(new Set(['same null']))
    expect(told.looked).toBeLessThan(most)
  })

  it('looks at what each step changed, where both change it alike', () => {
    const shape: Shape = { steps, attributes, comment: (step) => `by ${step}` }
    const told = looked(shape, shape)
    expect(new Set(told.states)).toEqual(new Set(['same null']))
    expect(told.looked).toBeLessThan(most)
  })

  it('does not look for a difference again that stays', () => {
    const shape: Shape = { steps, attributes, comment: (step) => `by ${step}` }
    const told = looked(shape, { ...shape, info: 'y' })
    expect(new Set(told.states)).toEqual(new Set(['different before']))
    expect(told.looked).toBeLessThan(most)
  })

  it('finds the one step that changes something else, and what follows from it', () => {
    const edited = steps >> 1
    const shape: Shape = { steps, attributes, comment: (step) => `by ${step}` }
    const told = looked(shape, { ...shape, comment: (step) => (step === edited ? 'otherwise' : `by ${step}`) })
    expect(told.states.indexOf('different itself')).toBe(edited - 1)
    expect(told.states.lastIndexOf('different itself')).toBe(edited - 1)
    expect(told.looked).toBeLessThan(most)
  })
})
