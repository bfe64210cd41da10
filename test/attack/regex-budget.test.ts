// A regular expression that is given up is an error: no match and a part of the matches would both be guesses.
import { describe, expect, it } from 'vitest'
import { extract } from '../../src/engine/hash/hash.ts'
import { explainExtract } from '../../src/engine/hash/explain.ts'
import { PregSubject } from '../../src/engine/hash/regex/preg.ts'
import { compilePattern } from '../../src/engine/world/patterns.ts'
import { createModuleRun } from '../../src/engine/run/execute-module.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import { enginePorts } from '../../src/host/worker/thread/ports.ts'
import type { Json } from '../../src/contract/json.ts'

const endless = '/(a+)+\\1$/'
const subject = `${'a'.repeat(40)}!`
const path = `Event.Tag.{n}[name=${endless}].name`
const data: Json = { Event: { Tag: [{ name: 'aa' }, { name: subject }, { name: 'aaaa' }] } }
const tooComplex = expect.objectContaining({ name: 'CodedError', code: 'REGEX_TOO_COMPLEX' }) as unknown

const errorOf = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

/** What IF :: Generic answers with that path. */
function alone(hashPath: string): unknown {
  const run = createModuleRun(
    {
      moduleId: 'generic-if',
      params: { value: 'aa', operator: 'in', hash_path: hashPath },
      data,
      user: { id: '1', org_id: '1', email: 'a@b.c', Role: {} } as never
    },
    enginePorts(),
    () => undefined
  )
  runToEnd(run.stepper)
  return run.result()
}

describe('a regular expression that does not end', () => {
  it('is an error of a hash path, not a part of what it finds', () => {
    expect(errorOf(() => extract(data, path))).toEqual(tooComplex)
    expect(errorOf(() => explainExtract(data, path))).toEqual(tooComplex)
  })
  it('is an error where the budget of all matches together is used up', () => {
    const text = 'a'.repeat(3000)
    const many: Json = { Event: { Tag: Array.from({ length: 200 }, () => ({ name: `${text}!` })) } }
    expect(errorOf(() => extract(many, 'Event.Tag.{n}[name=/(a?)*b\\1/].name'))).toEqual(tooComplex)
  })
  it('is an error of a warninglist', () => {
    expect(errorOf(() => compilePattern(endless)!(new PregSubject(subject)))).toEqual(tooComplex)
  })
  it('makes a run end as cannot tell', () => {
    expect(alone(path)).toMatchObject({ answer: null, cannotTell: { code: 'REGEX_TOO_COMPLEX' } })
  })
})

describe('a regular expression that Retrace cannot read', () => {
  const unknown = '/a(*SKIP)a/'
  const unsupported = expect.objectContaining({ name: 'CodedError', code: 'REGEX_UNSUPPORTED' }) as unknown
  const inPath = `Event.Tag.{n}[name=${unknown}].name`

  it('is an error of a path and of a warninglist, for no match is not the same', () => {
    expect(errorOf(() => extract(data, inPath))).toEqual(unsupported)
    expect(errorOf(() => explainExtract(data, inPath))).toEqual(unsupported)
    expect(errorOf(() => compilePattern(unknown)!(new PregSubject(subject)))).toEqual(unsupported)
  })
  it('makes a run end as cannot tell', () => {
    expect(alone(inPath)).toMatchObject({ answer: null, cannotTell: { code: 'REGEX_UNSUPPORTED' } })
  })
})
