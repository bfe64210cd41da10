// @vitest-environment jsdom
// What `retrace test` prints for machines, held against what their readers accept.
import { describe, expect, it } from 'vitest'
import { asJson, asJUnit, asTap, humanEnd } from '../../../src/cli/test-report.ts'
import type { FileResult } from '../../../src/cli/test-report.ts'
import { createStyle } from '../../../src/cli/style.ts'

const hostile = 'a <b c="d"> & ]]> # \\ \u0000 \u001b[31m \ud800\nnot ok 9 - x\n1..99'
const difference = {
  in: 'output',
  path: hostile,
  op: 'changed',
  before: hostile,
  after: null,
  step: 2,
  text: hostile
} as const
const base = { file: 'a.case.json', differences: [], step: null, nodeId: null, reasons: [], unused: [] }
const results: readonly FileResult[] = [
  { ...base, name: 'plain', state: 'passed' },
  { ...base, name: hostile, state: 'failed', differences: [{ ...difference, keys: [hostile] }], step: 2, nodeId: 3 },
  { ...base, name: 'gone', state: 'stale', reasons: [hostile] },
  { ...base, name: 'bad', state: 'broken', reasons: ['no case'], file: hostile }
]

/**
 * What the schema of Jenkins' xUnit plugin (junit-10.xsd, MIT) allows, written down from it: children and attributes by element. The output of
 * this test was held against the schema itself when this was written.
 */
const schema: Readonly<
  Record<
    string,
    { readonly children: readonly string[]; readonly may: readonly string[]; readonly must: readonly string[] }
  >
> = {
  testsuites: { children: ['testsuite'], may: ['name', 'time', 'tests', 'failures', 'errors'], must: [] },
  testsuite: {
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    may: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url', 'version'],
    must: ['name', 'tests', 'failures', 'errors']
  },
  testcase: {
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    may: ['time', 'classname', 'group'],
    must: ['name']
  },
  failure: { children: [], may: ['type', 'message'], must: [] },
  error: { children: [], may: ['type', 'message'], must: [] },
  skipped: { children: [], may: ['type', 'message'], must: [] }
}

function wrongIn(element: Element): string[] {
  const rule = schema[element.tagName]
  if (rule === undefined) return [`<${element.tagName}>`]
  const names = element.getAttributeNames()
  return [
    ...names.filter((name) => ![...rule.may, ...rule.must].includes(name)).map((name) => `${element.tagName} ${name}`),
    ...rule.must.filter((name) => !names.includes(name)).map((name) => `${element.tagName} lacks ${name}`),
    ...[...element.children].flatMap((child) =>
      rule.children.includes(child.tagName) ? wrongIn(child) : [`${child.tagName} in ${element.tagName}`]
    )
  ]
}

describe('JUnit', () => {
  it('fits the schema, with one testcase a case', () => {
    const document = new DOMParser().parseFromString(asJUnit(results, []), 'application/xml')
    expect(wrongIn(document.documentElement)).toEqual([])
    const cases = [...document.querySelectorAll('testcase')]
    expect(cases.map((one) => one.firstElementChild?.tagName ?? 'passed')).toEqual([
      'passed',
      'failure',
      'error',
      'error'
    ])
    expect(cases.map((one) => one.firstElementChild?.getAttribute('type') ?? null)).toEqual([
      null,
      'failed',
      'stale',
      'broken'
    ])
    const suites = document.documentElement
    expect(['tests', 'failures', 'errors'].map((name) => suites.getAttribute(name))).toEqual(['4', '1', '2'])
  })
})

describe('after --bail', () => {
  it('says what was not run, in each form', () => {
    const [ran, notRun] = [results.slice(0, 2), [{ file: 'c.case.json', name: 'c' }]]
    expect(JSON.parse(asJson(ran, notRun))).toMatchObject({ passed: 1, failed: 1, notRun: 1 })
    const document = new DOMParser().parseFromString(asJUnit(ran, notRun), 'application/xml')
    expect(wrongIn(document.documentElement)).toEqual([])
    expect(document.querySelector('testsuite')?.getAttribute('skipped')).toBe('1')
    expect(document.querySelector('testcase[name=c] > skipped')?.getAttribute('message')).toContain('--bail')
    const tap = asTap(ran, notRun).split('\n')
    expect([tap[1], tap.at(-1)]).toEqual(['1..3', 'Bail out! A case did not pass; 1 case not run.'])
    expect(humanEnd(ran, notRun, createStyle(false))).toBe('3 cases: 1 passed, 1 failed, 1 not run')
  })
})

describe('TAP', () => {
  it('has one test point a case, whatever stands in names', () => {
    const lines = asTap(results, []).split('\n')
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', '1..4'])
    const points = lines.filter((line) => /^(?:not )?ok /.test(line))
    expect(points.map((line) => /^(?:not )?ok \d+/.exec(line)?.[0])).toEqual([
      'ok 1',
      'not ok 2',
      'not ok 3',
      'not ok 4'
    ])
    // Everything else is a diagnostic of the point before it, in YAML, each value a text of JSON.
    const others = lines.slice(2).filter((line) => !points.includes(line))
    expect(others.every((line) => /^ {2}(?:---|\.\.\.|[a-z]+: .+)$/.test(line))).toBe(true)
    for (const line of others) {
      const value = /^ {2}[a-z]+: (.+)$/.exec(line)?.[1]
      if (value !== undefined) expect(() => JSON.parse(value) as unknown).not.toThrow()
    }
    // No directive: a `#` begins one.
    expect(points.every((line) => !/(?<!\\)(?:\\\\)*#/.test(line))).toBe(true)
  })
})
