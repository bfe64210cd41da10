// What is printed, told in words and shown as a tree costs what grows with it. Work is counted, see work.ts, which comes first.
import { describe, expect, it } from 'vitest'
import { expectLinear } from './work.ts'
import { clip, visible, wrap } from '../../src/cli/style.ts'
import type { Json } from '../../src/contract/json.ts'
import { diff } from '../../src/engine/replay/diff.ts'
import { changeWords } from '../../src/host/worker/values/change-words.ts'
import type { LoadPage } from '../../src/renderer/components/json-tree/tree-branches.ts'
import { createTree, type TreeModel } from '../../src/renderer/components/json-tree/tree-model.ts'

const list = <T>(n: number, part: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => part(i))

/** A map of `n` maps, as the host answers. */
const pages =
  (n: number): LoadPage =>
  (path, offset) => {
    const count = path.length === 0 ? n : 1
    const entries = list(count - offset, (i) => ({
      ...{
        key: path.length === 0 ? `k${offset + i}` : 'a',
        type: path.length === 0 ? 'object' : 'number',
        count: path.length === 0 ? 1 : 0
      },
      preview: ''
    }))
    return Promise.resolve({ ok: true, data: { type: 'object', count, preview: '', offset, entries } } as never)
  }

describe('a tree', () => {
  it('in which everything is open', async () => {
    const trees = new Map<number, TreeModel>()
    for (const n of [8, 90, 360]) {
      const tree = createTree(
        pages(n),
        list(n, (i) => [`k${i}`])
      )
      await tree.start()
      expect(tree.store.getState().rows.length).toBe(2 * n)
      trees.set(n, tree)
    }
    // Up to its first wait, which is the end of it where a branch is closed.
    expectLinear(
      (n) => trees.get(n)!,
      (tree) => void tree.toggle(tree.store.getState().rows.at(0)!, false),
      90
    )
  })
})

describe('words', () => {
  const attributes = (n: number, ids: boolean): Json => ({
    Event: {
      id: '1',
      Attribute: list(n, (i) => ({ id: `${i}`, value: `v${i}`, to_ids: ids, Tag: ids ? [{ name: `t${i}` }] : [] }))
    }
  })
  it('of changes', () => {
    expectLinear(
      (n) => [attributes(n, true), attributes(n, false)] as const,
      ([before, after]) => changeWords(before, after, diff(before, after)),
      200
    )
  })
  it.each(['a', ' ', 'a ', '\u0000', '\n', 'é'])('of a terminal: %j', (text) => {
    expectLinear(
      (n) => text.repeat(n),
      (given) => [wrap(given, 80), clip(visible(given), 80)],
      2000
    )
  })
})
