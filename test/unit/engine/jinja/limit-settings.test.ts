import { describe, expect, it } from 'vitest'
import { CodedError } from '../../../../src/contract/errors.ts'
import { parseLimitWords, parseTemplateLimits } from '../../../../src/engine/jinja/limit-settings.ts'

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof CodedError) return `${error.code} ${error.details?.place ?? ''}`
  }
  return 'accepted'
}

describe('limits of templates', () => {
  it('are a map of known names to whole numbers', () => {
    expect(parseTemplateLimits({ steps: 1000, milliseconds: 50 })).toEqual({ steps: 1000, milliseconds: 50 })
    for (const none of [undefined, null, [], {}]) expect(parseTemplateLimits(none)).toEqual({})
  })

  it('refuses unknown names and what is no whole number above 0', () => {
    const name = 'Retrace.template_limits'
    expect(refusal(() => parseTemplateLimits({ rounds: 1 }))).toBe(`SETTING_INVALID ${name}.rounds`)
    expect(refusal(() => parseTemplateLimits({ constructor: 1 }))).toBe(`SETTING_INVALID ${name}.constructor`)
    for (const steps of [0, -1, 1.5, '10', null, true, 2 ** 60])
      expect(refusal(() => parseTemplateLimits({ steps }))).toBe(`SETTING_INVALID ${name}.steps`)
    for (const value of ['steps=1', 5, [1]])
      expect(refusal(() => parseTemplateLimits(value))).toBe(`SETTING_INVALID ${name}`)
  })

  it('are read from words', () => {
    expect(parseLimitWords(['steps=1000,items=5', 'output = 7'])).toEqual({ steps: 1000, items: 5, output: 7 })
    expect(parseLimitWords([])).toEqual({})
    for (const word of ['steps', 'steps=', 'steps=x', 'steps=1=2', 'nothing=3'])
      expect(refusal(() => parseLimitWords([word]))).toMatch(/^SETTING_INVALID/)
  })
})
