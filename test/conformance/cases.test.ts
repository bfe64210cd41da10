// Recorded runs kept as cases: each passes as it was made, and one whose workflow was changed fails at the step that was changed.
import { describe, expect, it } from 'vitest'
import type { CaseResult } from '../../src/contract/case.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { judge } from '../../src/engine/case/judge.ts'
import { buildCase } from '../../src/engine/case/make.ts'
import { parseCase } from '../../src/engine/case/parse.ts'
import { runCase } from '../../src/engine/case/run-case.ts'
import { caseText } from '../../src/engine/case/write.ts'
import { workflowGraph } from '../../src/engine/graph/document.ts'
import { parseWorkflow } from '../../src/engine/graph/parse.ts'
import { decodeJson } from '../../src/engine/php/decode.ts'
import { isMap } from '../../src/engine/php/values.ts'
import { RunRecorder } from '../../src/engine/run/surroundings/recorder.ts'
import { caseRunning } from '../../src/host/cases/test-case.ts'
import { maskEffect } from '../../src/host/worker/effects/show.ts'
import { createMask } from '../../src/host/worker/mask/run.ts'
import { maskWorkflow } from '../../src/host/worker/mask/value.ts'
import { seeded } from '../attack/scale.ts'
import { eventsOf } from './adapter.ts'
import type { RunCase } from './adapter.ts'
import { recorded } from './recorded.ts'

const own = recorded().filter((one) => (one as unknown as { readonly origin?: string }).origin === 'own')
const ticked = ['outcome', 'path', 'effects', 'changes']

/** Made once for all that change it. */
const texts = new Map<RunCase, string>()
function textOf(c: RunCase): string {
  if (!texts.has(c)) texts.set(c, makeText(c))
  return texts.get(c)!
}

function makeText(c: RunCase): string {
  const recorder = new RunRecorder()
  const events = eventsOf(c, undefined, recorder)
  const surroundings = recorder.surroundings()
  if (surroundings === null) throw new Error('nothing was recorded')
  const isOwn = c.mode === 'router' ? () => true : ({ runId }: { readonly runId: string }) => runId === c.id
  const masked = events.map(createMask())
  return caseText(
    buildCase({
      ...{ name: c.id, workflow: { workflow: maskWorkflow(c.workflow as Json) }, surroundings, ticked },
      events: masked.filter(isOwn)
    })
  )
}

function tested(text: string, change: (workflow: Json) => Json = (workflow) => workflow): CaseResult {
  const given = parseCase(decodeJson(text, { maxDepth: 600 }), 'the case')
  const workflow = parseWorkflow(change(given.workflow as Json), 'the workflow')
  const input = Array.isArray(given.input) ? {} : (given.input as Json)
  const ready = { case: given, file: 'the case', workflow, input, world: given.world }
  return judge(ready, runCase(ready, caseRunning(undefined)), maskEffect)
}

/** The workflow with another module in a node: one that MISP does not have. */
const withUnknown =
  (nodeId: number) =>
  (workflow: Json): Json => {
    const copy = structuredClone(workflow) as JsonMap
    for (const node of Object.values(workflowGraph(copy) as JsonMap)) {
      const { id, data } = (node ?? {}) as { readonly id?: Json; readonly data?: { id: string } }
      if (Number(id) === nodeId && data) data.id = 'no-such-module'
    }
    return copy
  }

describe.skipIf(own.length === 0)('a case of a recorded run', () => {
  it.each(own.map((c) => [c.id, c] as const))('%s passes, and reads as the same text again', (_id, c) => {
    const text = textOf(c)
    const { state, differences, reasons } = tested(text)
    expect([state, differences.map((one) => one.text), reasons]).toEqual(['passed', [], []])
    const raw = decodeJson(text, { maxDepth: 600 })
    expect(caseText({ ...(raw as JsonMap), expect: parseCase(raw, 'the case').expect })).toBe(text)
  })

  it('whose workflow was changed fails at the changed step', () => {
    let changed = 0
    for (const [i, c] of own.entries()) {
      const text = textOf(c)
      const path = (JSON.parse(text) as { readonly expect: { readonly path: readonly string[] } }).expect.path
      if (path.length === 0) continue
      const at = Math.floor(seeded(i + 1)() * path.length)
      const nodeId = Number(/(\d+)(?: |$)/.exec(path[at]!.replace(/^job \d+: /, ''))?.[1])
      const first = path.findIndex((entry) => entry.replace(/^job \d+: /, '').split(' ')[0] === String(nodeId))
      if (path[first]?.endsWith('unknown')) continue
      const { state, step } = tested(text, withUnknown(nodeId))
      expect([state, step], `seed ${i + 1}: ${c.id}, node ${nodeId}`).toEqual(['failed', first + 1])
      changed++
    }
    expect(changed).toBeGreaterThan(50)
  })
})

type Node = {
  readonly id: Json
  readonly data: { readonly id: string; indexed_params: { [name: string]: Json } }
  readonly outputs: { [name: string]: { connections: { node: Json }[] } }
}

const nodesIn = (workflow: Json): readonly Node[] =>
  Object.values(workflowGraph(workflow) as JsonMap).filter((node) => isMap(node) && 'data' in node) as never
const nodeIn = (workflow: Json, id: number): Node | undefined => nodesIn(workflow).find((one) => Number(one.id) === id)

/** `workflow` with a change of one node. */
const changing =
  (id: number, change: (node: Node) => void) =>
  (workflow: Json): Json => {
    const copy = structuredClone(workflow)
    const node = nodeIn(copy, id)
    if (node) change(node)
    return copy
  }

const targetsOf = (node: Node, output: string): readonly number[] =>
  (node.outputs[output]?.connections ?? []).map((one) => Number(one.node))

const opposite: Readonly<Record<string, string>> = {
  ...{ in_or: 'not_in_or', in_and: 'not_in_and', in: 'not_in', equals: 'not_equals' }
}

interface Place {
  readonly path: readonly string[]
  readonly at: number
  readonly node: Node
  readonly nodes: readonly Node[]
}

interface Kind {
  /** What the change is, and the steps at which a case may fail then; null: there is nothing to change like that. */
  readonly of: (place: Place) => { readonly change: (node: Node) => void; readonly steps: readonly number[] } | null
  readonly least: number
}

const kinds: Readonly<Record<string, Kind>> = {
  'a condition': {
    least: 8,
    of: ({ path, at, node }) => {
      const name = ['condition', 'operator'].find((one) => String(node.data.indexed_params[one]) in opposite)
      const isBranching = ['tag-if', 'generic-if', 'organisation-if', 'distribution-if'].includes(node.data.id)
      if (name === undefined || !isBranching || !path[at]?.endsWith(' true')) return null
      return {
        steps: [at + 1],
        change: ({ data }) => (data.indexed_params[name] = opposite[String(data.indexed_params[name])] as string)
      }
    }
  },
  'a parameter': {
    least: 40,
    of: ({ path, at, node }) => {
      const [id, param] = [node.data.id, node.data.id === 'webhook' ? 'url' : 'message']
      const isSent = id === 'webhook' && path[at] === String(node.id)
      const isStop = id === 'stop-execution' && path[at] === `${String(node.id)} failed`
      const isSaid = isStop && !String(node.data.indexed_params['message']).includes('{{')
      if (!isSent && !isSaid) return null
      const change = ({ data: { indexed_params: params } }: Node) =>
        (params[param] = `http://changed.example.org/${at}`)
      return { steps: [at + 1], change }
    }
  },
  connections: {
    least: 40,
    of: ({ path, at, node, nodes }) => {
      const next = Number(/^\d+/.exec(path[at + 1] ?? '')?.[0] ?? NaN)
      const from = nodes.filter((one) => Object.keys(one.outputs).some((name) => targetsOf(one, name).includes(next)))
      if (from.length !== 1 || from[0] !== node) return null
      const change = ({ outputs }: Node) => {
        for (const output of Object.values(outputs)) output.connections = []
      }
      // Where nothing comes instead, the node itself is the last step.
      return { steps: [at + 1, at + 2], change }
    }
  },
  'the order of connections': {
    least: 2,
    of: ({ path, at, node }) => {
      const next = Number(/^\d+/.exec(path[at + 1] ?? '')?.[0] ?? NaN)
      const output = Object.keys(node.outputs).find((name) => targetsOf(node, name)[0] === next)
      const targets = output === undefined ? [] : targetsOf(node, output)
      if (output === undefined || new Set(targets).size < 2 || targets.at(-1) === next) return null
      return { steps: [at + 2], change: ({ outputs }) => outputs[output]?.connections.reverse() }
    }
  }
}

/** The node of an entry of a path. */
const nodeOf = (entry: string): number => Number(/^\d+/.exec(entry.replace(/^job \d+: /, ''))?.[0] ?? NaN)

const expectedIn = (text: string) =>
  (
    JSON.parse(text) as {
      readonly expect: { readonly [name: string]: readonly JsonMap[] } & { path: readonly string[] }
    }
  ).expect

describe.skipIf(own.length === 0)(
  'a case of a recorded run fails at the step of what was changed',
  { timeout: 60_000 },
  () => {
    it.each(Object.entries(kinds))('%s', (_name, { of, least }) => {
      let changed = 0
      for (const [i, c] of own.entries()) {
        const text = textOf(c)
        const { path } = expectedIn(text)
        const nodes = nodesIn(parseCase(decodeJson(text, { maxDepth: 600 }), 'the case').workflow as Json)
        const places = path.flatMap((entry, at) => {
          const id = Number(/^\d+/.exec(entry)?.[0] ?? NaN)
          const node = nodes.find((one) => Number(one.id) === id)
          const isFirst = path.findIndex((one) => nodeOf(one) === id) === at
          const found = node && isFirst ? of({ path, at, node, nodes }) : null
          return found ? [{ ...found, id }] : []
        })
        const place = places[Math.floor(seeded(i + 1)() * places.length)]
        if (place === undefined) continue
        const { state, step } = tested(text, changing(place.id, place.change))
        const told = `seed ${i + 1}: ${c.id}, node ${place.id}`
        expect([state, told], told).toEqual(['failed', told])
        expect(place.steps, told).toContain(step)
        changed++
      }
      expect(changed).toBeGreaterThanOrEqual(least)
    })

    it('or expected otherwise', () => {
      const counts = { path: 0, effects: 0, changes: 0, outcome: 0, values: 0 }
      for (const [i, c] of own.entries()) {
        const text = textOf(c)
        const { path } = expectedIn(text)
        const next = seeded(i + 1)
        const fails = (change: (expected: { [name: string]: Json }) => void): number | null => {
          const copy = JSON.parse(text) as { readonly expect: { [name: string]: Json } }
          change(copy.expect)
          const { state, step } = tested(JSON.stringify(copy))
          expect(state, `seed ${i + 1}: ${c.id}`).toBe('failed')
          return step
        }
        if (path.length > 0) {
          const at = Math.floor(next() * path.length)
          const step = fails((expected) => (expected['path'] = path.map((one, place) => (place === at ? '99' : one))))
          expect(step, c.id).toBe(at + 1)
          counts.path++
        }
        for (const name of ['effects', 'changes'] as const) {
          const list = expectedIn(text)[name] ?? []
          const at = Math.floor(next() * list.length)
          const { node } = list[at] ?? {}
          // A node that throws is no step of the path.
          if (!path.some((entry) => nodeOf(entry) === node)) continue
          const other = list.map((one, place) => (place === at ? { ...one, nowhere: 'changed' } : one))
          const step = fails((expected) => (expected[name] = other))
          expect(nodeOf(path[(step ?? 0) - 1] ?? ''), c.id).toBe(node)
          counts[name]++
        }
        fails((expected) => (expected['outcome'] = expected['outcome'] === 'blocked' ? 'failure' : 'blocked'))
        counts.outcome++
        const step = fails((expected) => (expected['values'] = [{ path: 'Event.info', is: 'never so' }]))
        // Background jobs have data of their own.
        if (path.some((entry) => !entry.startsWith('job '))) expect(step, c.id).toBeGreaterThan(0)
        counts.values++
      }
      expect(counts.path).toBeGreaterThan(50)
      expect(counts.effects).toBeGreaterThan(40)
      expect(counts.changes).toBeGreaterThan(0)
    })
  }
)
