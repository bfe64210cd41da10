import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import type { ValuePath } from '../../../../src/contract/values.ts'
import { createTree } from '../../../../src/renderer/components/json-tree/tree-model.ts'
import type { LoadPage } from '../../../../src/renderer/components/json-tree/tree-branches.ts'
import type { TreeModel, TreeRow } from '../../../../src/renderer/components/json-tree/tree-model.ts'
import { pageOf } from '../../../../src/engine/format/values.ts'

const loading =
  (value: Json): LoadPage =>
  (path, offset, limit) =>
    Promise.resolve({ ok: true, data: pageOf(value, path, offset, limit) })

const rowsOf = (tree: TreeModel): TreeRow[] => {
  const { rows } = tree.store.getState()
  return Array.from({ length: rows.length }, (_, i) => rows.at(i) as TreeRow)
}
const lines = (tree: TreeModel): string[] =>
  rowsOf(tree).map(({ path, open }) => `${path.join('.')}${open ? ' -' : ''}`)

const event: Json = {
  Event: {
    info: 'three attributes',
    Attribute: [{ type: 'md5' }, { type: 'url', Tag: [{ name: 'tlp:red' }] }, { type: 'domain' }],
    Tag: []
  }
}

describe('the tree over a value that stays in the host', () => {
  it('opens a wrapper at once', async () => {
    const tree = createTree(loading(event))
    await tree.start()
    expect(lines(tree)).toEqual(['Event -', 'Event.info', 'Event.Attribute', 'Event.Tag'])
  })

  it('knows which row is where, whatever is open', async () => {
    const tree = createTree(loading(event))
    await tree.start()
    expect(await tree.reveal(['Event', 'Attribute', 1, 'Tag', 0, 'name'])).toBe(8)
    expect(lines(tree)).toEqual([
      'Event -',
      'Event.info',
      'Event.Attribute -',
      'Event.Attribute.0',
      'Event.Attribute.1 -',
      'Event.Attribute.1.type',
      'Event.Attribute.1.Tag -',
      'Event.Attribute.1.Tag.0 -',
      'Event.Attribute.1.Tag.0.name',
      'Event.Attribute.2',
      'Event.Tag'
    ])
    const { rows } = tree.store.getState()
    for (const [i, row] of rowsOf(tree).entries()) {
      expect(rows.indexOf(row.path)).toBe(i)
      expect(row.path.slice(0, -1)).toEqual(row.parent < 0 ? [] : rows.at(row.parent)?.path)
    }
    await tree.toggle(rows.at(4) as TreeRow)
    expect(lines(tree).slice(3, 6)).toEqual(['Event.Attribute.0', 'Event.Attribute.1', 'Event.Attribute.2'])
  })

  it('loads what is looked at and nothing else', async () => {
    const asked: string[] = []
    const load = loading(Array.from({ length: 100_000 }, (_, i) => ({ i })))
    const tree = createTree((path, offset, limit) => {
      asked.push(`${path.join('.')}@${offset}`)
      return load(path, offset, limit)
    })
    await tree.start()
    expect(tree.store.getState().rows.at(70_010)?.entry).toBeNull()
    tree.need(70_010, 70_030)
    await new Promise((done) => setTimeout(done))
    expect(tree.store.getState().rows.at(70_010)).toMatchObject({ path: [70_010], entry: { type: 'object' } })
    expect(asked).toEqual(['@0', '@70000'])
  })

  it('opens the next value as the last one was, where it has the same branches', async () => {
    const first = createTree(loading(event))
    await first.start()
    await first.reveal(['Event', 'Attribute', 1, 'Tag'])
    const next = createTree(loading({ Event: { info: 'one attribute', Attribute: [{ type: 'md5' }] } }), first.opened())
    await next.start()
    expect(lines(next)).toEqual(['Event -', 'Event.info', 'Event.Attribute -', 'Event.Attribute.0'])
    const paths: readonly ValuePath[] = first.opened()
    expect(paths).toEqual([['Event'], ['Event', 'Attribute'], ['Event', 'Attribute', 1]])
  })
})
