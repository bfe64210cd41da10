// Differences of two snapshots: of lists that share all but 100 of their items, against one pass of a Set over their identities; of two
// events that were parsed apart, against reading one. CPU time, the median of several.
import { create } from 'jsondiffpatch'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { diff } from '../../src/engine/replay/diff.ts'
import { eventText } from './event.ts'

const quick = process.argv.includes('--quick')
const times = quick ? 5 : 15
const changed = 100

/** Milliseconds of CPU time. */
function cpu(work: () => unknown): number {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    globalThis.gc?.()
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    all.push((user + system) / 1000)
  }
  return all.sort((a, b) => a - b)[times >> 1] as number
}

function report(what: string, ms: number, [against, base]: readonly [string, number], goal: number): void {
  const ratio = (ms / base).toFixed(2)
  console.log(`${what}: ${ms.toFixed(1)} ms, ${ratio} of ${against} (${base.toFixed(1)} ms), goal ${goal}`)
}

function shared(): void {
  const text = eventText(quick ? 2000 : 14_000)
  const items = (JSON.parse(text) as { readonly Event: { readonly Attribute: readonly JsonMap[] } }).Event.Attribute
  // Many passes in one measure: a single one is shorter than the clock's step.
  const passes = 20
  const list: Json[] = Array.from({ length: quick ? 2000 : 14_000 }, (_, i) => ({ ...items[i % items.length], id: i }))
  const every = Math.floor(list.length / changed)
  const after = list.map((item, i) =>
    i % every === 0 && i < changed * every ? { ...(item as JsonMap), comment: `changed ${i}` } : item
  )
  const many = (work: () => unknown) => () => {
    for (let i = 0; i < passes; i++) work()
  }
  let found = 0
  const base = cpu(
    many(() => {
      const known = new Set<Json>(list)
      found = after.filter((item) => !known.has(item)).length
    })
  )
  const measured = cpu(many(() => (found = diff(list, after).length)))
  console.log(`${list.length} shared items: ${found} differences, ${passes} times each`)
  report('difference', measured, ['a pass of a Set over their identities', base], 2)
}

function parsed(): void {
  const text = eventText(quick ? 1000 : 11_700)
  const before = JSON.parse(text) as Json
  const after = JSON.parse(text) as { readonly Event: { readonly Attribute: Record<string, Json>[] } } & JsonMap
  const attributes = after.Event.Attribute
  for (let i = 0; i < changed; i++)
    (attributes[Math.floor((i * attributes.length) / changed)] as Record<string, Json>)['comment'] = `changed ${i}`
  let found = 0
  const measured = cpu(() => (found = diff(before, after).length))
  const base = cpu(() => JSON.parse(text) as unknown)
  console.log(`two events of ${(text.length / 1e6).toFixed(1)} MB, parsed apart: ${found} differences`)
  report('difference', measured, ['JSON.parse of one', base], 0.5)
  // The widespread library, which is told what the items' identities are.
  const theirs = create({ objectHash: (item: object) => String((item as { readonly uuid?: unknown }).uuid) })
  report('difference', measured, ['jsondiffpatch', cpu(() => theirs.diff(before, after))], 0.25)
}

shared()
parsed()
