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

function textOf(c: RunCase): string {
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
