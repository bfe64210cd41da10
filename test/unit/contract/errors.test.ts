import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CodedError, errorTable } from '../../../src/contract/errors.ts'

const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
const documented = new Map(
  [...text.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, code, meaning]) => [code, meaning])
)

describe('the error table', () => {
  it('is documented, code by code, with the same meaning', () => {
    expect(Object.fromEntries(documented)).toEqual(errorTable)
  })

  it('gives a coded error its meaning when it has no message of its own', () => {
    expect(new CodedError('RUN_NOT_FOUND').message).toBe('The workspace has no such run.')
  })
})
