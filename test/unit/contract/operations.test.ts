import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isOperationName, operations } from '../../../src/contract/operations.ts'

describe('the map of operations', () => {
  it('knows its own names only', () => {
    expect(isOperationName('runs.list')).toBe(true)
    expect(isOperationName('constructor')).toBe(false)
    expect(isOperationName('__proto__')).toBe(false)
  })

  // One area would silently win over the other.
  it('has each name in one area only', () => {
    const folder = new URL('../../../src/contract/operations/', import.meta.url)
    const names = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}'?([\w.]+)'?: takes\(/gm)].map(([, name]) => name)
    )
    expect(names.toSorted()).toEqual(Object.keys(operations).toSorted())
  })

  it('fills in what a caller may leave out', () => {
    expect(operations['runs.list'].params.parse({})).toEqual({ filter: {}, search: '', cursor: null, limit: 100 })
    expect(operations['app.info'].params.parse(undefined)).toEqual({})
  })

  it('refuses fields that it does not know, so that a typing mistake is told', () => {
    expect(operations['runs.list'].params.safeParse({ serach: 'x' }).success).toBe(false)
  })

  it('refuses pages without bounds', () => {
    expect(operations['run.value'].params.safeParse({ runId: 'a', step: 0, which: 'input', limit: 1e9 }).success).toBe(
      false
    )
  })
})
