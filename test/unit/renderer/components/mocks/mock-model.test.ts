import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../../src/contract/json.ts'
import { blankRow, mocksOf, rowsOf } from '../../../../../src/renderer/components/mocks/mock-model.ts'

describe('mocks as rows of a form', () => {
  it('reads answers, failures and anything else, and writes them back as they were', () => {
    const mocks: JsonMap = {
      '3': { status: 500, body: 'broken' },
      webhook: { failure: 'timeout', message: 'too late', delayMs: 400_000 },
      enrich: [{ results: [] }, { error: 'none' }]
    }
    const rows = rowsOf(mocks)
    expect(rows.map(({ key, kind }) => [key, kind])).toEqual([
      ['3', 'answer'],
      ['webhook', 'failure'],
      ['enrich', 'json']
    ])
    expect(mocksOf(rows)).toEqual(mocks)
  })

  it('keeps an answer with headers as JSON, so that nothing of it is lost', () => {
    const mocks = { '3': { status: 200, headers: [['X-A', '1']], body: '' } }
    expect(rowsOf(mocks)[0]?.kind).toBe('json')
    expect(mocksOf(rowsOf(mocks))).toEqual(mocks)
  })

  it('refuses rows for nothing, two for the same node, and broken JSON', () => {
    expect(mocksOf([blankRow])).toMatch(/Choose a node or module/)
    const row = { ...blankRow, key: '3' }
    expect(mocksOf([row, row])).toMatch(/two mocks for 3/)
    expect(mocksOf([{ ...row, kind: 'json', json: '{' }])).toMatch(/^The mock for 3: /)
  })
})
