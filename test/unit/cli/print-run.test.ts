import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/contract/run.ts'
import { RunPrinter } from '../../../src/cli/print-run.ts'

const event = (type: RunEvent['type'], data: unknown, nodeId: number | null = 2): RunEvent =>
  ({ runId: 'r', seq: 1, at: 0, nodeId, type, data }) as RunEvent

const finished = (errors: readonly string[]) =>
  event('node.finished', {
    ...{ nodeId: 2, moduleId: 'attribute_edition_operation', moduleType: 'action', result: 'success', success: true },
    ...{ errors, before: {}, after: {}, view: {}, params: {}, ms: 1 }
  })

function printed(events: readonly RunEvent[], color = false): string[] {
  const lines: string[] = []
  const printer = new RunPrinter((line) => lines.push(line), color, null)
  for (const one of events) printer.event(one, 'r')
  return lines
}

describe('a run in the terminal', () => {
  const change = { op: 'changed', table: 'attributes', id: '1', fields: { to_ids: [true, false] } }

  it('names the first rows, effects and errors of a node, and how many there are more', () => {
    const lines = printed([
      event('node.started', { nodeId: 2 }),
      ...Array.from({ length: 20_000 }, () => event('world.changed', { change })),
      ...Array.from({ length: 9 }, (_, i) =>
        event('effect', { effect: { kind: 'zmq', topic: `t${i}` }, answer: { body: '' }, by: 'mock' })
      ),
      finished(Array.from({ length: 500 }, (_, i) => `error ${i}`))
    ])
    expect(lines.filter((line) => line.includes('attributes 1'))).toHaveLength(6)
    expect(lines.map((line) => line.trim().replace(/ +/, ' '))).toEqual(
      expect.arrayContaining(['database and 19,994 more', 'effect and 3 more', 'error and 494 more'])
    )
    expect(lines.length).toBeLessThan(30)
  })

  it('counts anew for each node', () => {
    const node = [event('node.started', { nodeId: 2 }), event('world.changed', { change }), finished([])]
    expect(
      printed(Array.from({ length: 10 }, () => node).flat()).filter((line) => line.includes('attributes 1'))
    ).toHaveLength(10)
  })

  it('shows what would steer the terminal or turn the reading around, and keeps its own colours', () => {
    const note = event('note', { nodeId: null, code: 'X', text: 'a\u001b[2Jb\u202ec' }, null)
    expect(printed([note])[0]).toContain('a‹U+001B›[2Jb‹U+202E›c')
    const effect = event('effect', { effect: { kind: 'zmq', topic: 't' }, answer: { body: '' }, by: 'mock' })
    const lines = printed([event('node.started', { nodeId: 2 }), effect, finished([])], true)
    expect(lines.join('\n')).not.toContain('U+001B')
    expect(lines.join('\n')).toContain('(mock: ok)')
  })
})
