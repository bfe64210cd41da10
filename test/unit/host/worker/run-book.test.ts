import { getEventListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Halt } from '../../../../src/host/worker/thread/halt.ts'
import type { Loader } from '../../../../src/host/worker/thread/loaders.ts'
import { RunBook } from '../../../../src/host/worker/runs/run-book.ts'
import { blankSummary } from '../../../../src/engine/replay/run-facts.ts'

const ref = { summary: blankSummary('r', '2024-10-21T12:00:00.000Z'), file: 'r.ndjson', folder: '.', keep: false }

it('reads a run as long as somebody waits for it, and no longer', async () => {
  let rounds = 0
  let load: Loader = async (_, pause) => {
    for (;;) {
      rounds++
      const since = performance.now()
      while (performance.now() - since < 10);
      await pause()
    }
  }
  const book = new RunBook(undefined, (asked, pause) => load(asked, pause))
  const [one, other] = [new Halt(), new Halt()]
  const reading = [book.open(ref, 'r', one), book.open(ref, 'r', other)]
  const ended = Promise.allSettled(reading)
  one.now()
  const before = rounds
  await wait(100)
  expect(rounds).toBeGreaterThan(before)
  other.now()
  expect((await ended).map((end) => end.status === 'rejected' && (end.reason as { code: string }).code)).toEqual([
    'CANCELLED',
    'CANCELLED'
  ])
  const last = rounds
  await wait(50)
  expect(rounds).toBe(last)

  load = () => Promise.resolve({ events: [], workflow: null, options: {} })
  expect((await book.open(ref, 'r')).summary.id).toBe('r')
})

it('leaves nothing on a call that opened many runs', async () => {
  const book = new RunBook(undefined, () => Promise.resolve({ events: [], workflow: null, options: {} }))
  const halt = new Halt()
  for (let i = 0; i < 20; i++) await book.open(ref, `r${i}`, halt)
  expect(getEventListeners(halt.signal, 'abort')).toEqual([])
})
