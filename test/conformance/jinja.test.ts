import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/contract/json.ts'
import { renderTemplate } from '../../src/engine/jinja/render.ts'

interface Case {
  readonly id: string
  readonly data: string
  readonly template: string
  readonly output?: string
  readonly error?: { readonly type: string; readonly message: string; readonly lineno?: number }
}
const file = new URL('./fixtures/jinja.json', import.meta.url)
const { datasets, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  datasets: Readonly<Record<string, Json>>
  cases: readonly Case[]
}

const dataOf = ({ data }: Case): Json => datasets[data] ?? {}
const texts = cases.filter(({ error }) => error === undefined)
const failures = cases.filter(({ error }) => error !== undefined)

describe('templates, as misp-modules renders them with Python', () => {
  it.each(texts)('prints what Python prints: $id', (one) => {
    expect(renderTemplate(one.template, dataOf(one))).toEqual({ output: one.output })
  })

  it.each(failures)('fails as Python fails: $id', (one) => {
    const { output, error } = renderTemplate(one.template, dataOf(one))
    expect({ output, type: error?.type, message: error?.message }).toEqual({
      output: '',
      type: one.error?.type,
      message: one.error?.message
    })
    if (one.error?.lineno !== undefined) expect(error?.line).toBe(one.error.lineno)
    expect(renderTemplate(one.template, dataOf(one)).output).toBe('')
  })
})
