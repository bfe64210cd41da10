// Answers and files that are taken apart: work that grows with their size, and nothing kept of what is refused.
import { expectLinear } from './work.ts'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { sniff } from '../../src/host/takeover/sniff.ts'
import { isFailure, takeApart } from '../../src/host/takeover/take-apart.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'

const folder = temporaryFolders()
/** How many rows go into a world. */
const rowsOf = (value: Json): number =>
  sniff(value, 'given').reduce((sum, one) => sum + (one.to === 'world' ? one.rows.length : 0), 0)
const numbered = (size: number, make: (i: number) => JsonMap): JsonMap[] =>
  Array.from({ length: size }, (_, i) => make(i))

describe('a taxonomy', () => {
  it('of many predicates with values costs what they are together', () => {
    expectLinear(
      (size) => ({
        namespace: 'n',
        predicates: numbered(size, (i) => ({ value: `p${i}` })),
        values: numbered(size, (i) => ({ predicate: `p${i}`, entry: [{ value: 'v' }] }))
      }),
      rowsOf,
      300
    )
  })

  it('that lists a predicate often has its tags once', () => {
    const given = {
      namespace: 'n',
      predicates: numbered(300, () => ({ value: 'p' })),
      values: numbered(300, (i) => ({ predicate: 'p', entry: [{ value: `v${i}` }] }))
    }
    expect(rowsOf(given)).toBe(300)
  })
})

describe('a text that is refused', () => {
  it('leaves nothing in the world', async () => {
    const dir = folder()
    const file = join(dir, 'given.json')
    const long = { '1': { data: { id: 'x'.repeat(17_000_000), module_type: 'trigger' } } }
    const given = [
      { id: 'event-publish', module_type: 'trigger', Workflow: { name: 'w', data: long } },
      { id: 'slack', name: 'slack', module_type: 'action', is_misp_module: true }
    ]
    writeFileSync(file, JSON.stringify(given))
    const worldFolder = join(dir, 'world')
    const { texts } = await takeApart({
      given: [{ given: { file }, name: 'given' }],
      byInfo: false,
      worldFolder,
      newWorld: false
    })
    expect(texts.every(isFailure), JSON.stringify(texts).slice(0, 300)).toBe(true)
    expect(existsSync(join(worldFolder, 'service_modules.json'))).toBe(false)
  })
})
