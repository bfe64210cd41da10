// What `retrace test` prints.
import type { CaseDifference, CaseResult } from '../contract/case.ts'
import type { Json } from '../contract/json.ts'
import { plural } from '../contract/words.ts'
import { previewOf } from '../engine/format/preview.ts'
import { junit } from './junit.ts'
import type { JUnitCase } from './junit.ts'
import { visible } from './style.ts'
import type { createStyle } from './style.ts'

export interface FileResult extends CaseResult {
  readonly file: string
}

/** A case that `--bail` left out. */
export interface NotRun {
  readonly file: string
  readonly name: string
}

export const reporters = ['human', 'json', 'junit', 'tap'] as const
export type Reporter = (typeof reporters)[number]

const passed = (results: readonly FileResult[]): number => results.filter(({ state }) => state === 'passed').length

export const asJson = (results: readonly FileResult[], notRun: readonly NotRun[]): string =>
  JSON.stringify({
    passed: passed(results),
    failed: results.length - passed(results),
    notRun: notRun.length,
    cases: results.map(({ file, name, state, differences, step, nodeId, reasons }) => ({
      ...{ file, name, state },
      differences: differences.map(({ keys: _keys, ...one }) => one),
      ...{ step, nodeId, reasons }
    }))
  })

const where = ({ step, nodeId }: FileResult): string =>
  step === null ? '' : `first at step ${step}${nodeId === null ? '' : `, node ${nodeId}`}`

const isObject = (value: Json): boolean => typeof value === 'object' && value !== null

/** Of a value that is accepted by a person: a preview names things, and hides what they hold. */
const mostLetters = 400
function shown(value: Json): string {
  const text = isObject(value) ? JSON.stringify(value) : previewOf(value)
  return text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text
}

/** What was expected and what there is; each in one line. */
export const shownSides = ({ op, before, after }: CaseDifference): readonly [string, string] => [
  op === 'added' ? 'nothing' : shown(before),
  op === 'removed' ? 'nothing' : shown(after)
]

/** One line, and all of it. */
function toldOf(result: FileResult): { readonly message: string; readonly text: string } {
  const { differences, reasons } = result
  const at = where(result)
  const lines = [
    ...(at === '' ? [] : [at]),
    ...differences.flatMap((one) => {
      const [expected, got] = shownSides(one)
      return [one.text, `  ${one.in} ${one.path}`, `  expected ${expected}`, `  got      ${got}`]
    }),
    ...reasons
  ]
  const message = differences[0]?.text ?? reasons[0] ?? ''
  return { message: at === '' ? message : `${message} (${at})`, text: lines.join('\n') }
}

const jUnitCase = (result: FileResult): JUnitCase => {
  const { file, name, state } = result
  const of = { suite: file, name }
  if (state === 'passed') return { ...of, state }
  const told = toldOf(result)
  return { ...of, ...told, state: state === 'failed' ? 'failed' : 'error', type: state }
}

export const asJUnit = (results: readonly FileResult[], notRun: readonly NotRun[]): string =>
  junit('retrace test', [
    ...results.map(jUnitCase),
    ...notRun.map(({ file, name }) => ({ suite: file, name, state: 'skipped' as const, message: notRunText }))
  ])

const notRunText = 'Not run: a case before it did not pass, and --bail ends there.'

/** Of a description: a `#` begins a directive. */
const described = (text: string): string => visible(text).replace(/[\\#]/g, '\\$&')

/** TAP 14. Strings of JSON are strings of YAML. */
export function asTap(results: readonly FileResult[], notRun: readonly NotRun[]): string {
  const lines = results.flatMap((result, i) => {
    const { name, file, state, step } = result
    const line = `${state === 'passed' ? 'ok' : 'not ok'} ${i + 1} - ${described(`${name} (${file})`)}`
    if (state === 'passed') return [line]
    const { message, text } = toldOf(result)
    const told = { state, message, ...(step === null ? {} : { step }), text }
    return [line, '  ---', ...Object.entries(told).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), '  ...']
  })
  const bail = notRun.length === 0 ? [] : [`Bail out! A case did not pass; ${plural(notRun.length, 'case')} not run.`]
  return ['TAP version 14', `1..${results.length + notRun.length}`, ...lines, ...bail].join('\n')
}

type Style = ReturnType<typeof createStyle>

/** Nothing of one that passed. */
export function humanLines(result: FileResult, { bold, dim, red, yellow }: Style): string[] {
  const { state, name, file, differences, reasons } = result
  if (state === 'passed') return []
  const paint = state === 'failed' ? red : yellow
  const at = where(result)
  return [
    `${paint(state)}  ${bold(visible(name))}  ${dim(visible(file))}${at === '' ? '' : `  ${at}`}`,
    ...differences.slice(0, mostShown).flatMap((one) => {
      const [expected, got] = shownSides(one)
      return [
        `  ${one.step === null ? '' : dim(`step ${one.step}  `)}${visible(one.text)}`,
        ...(isObject(one.before) ? [dim(`    expected ${visible(expected)}`)] : []),
        ...(isObject(one.after) ? [dim(`    got      ${visible(got)}`)] : [])
      ]
    }),
    ...(differences.length > mostShown ? [dim(`  and ${differences.length - mostShown} more`)] : []),
    ...reasons.map((reason) => `  ${visible(reason)}`)
  ]
}

const mostShown = 20

export function humanEnd(results: readonly FileResult[], notRun: readonly NotRun[], { green, red }: Style): string {
  const of = (state: CaseResult['state']): number => results.filter((one) => one.state === state).length
  const parts = (['failed', 'stale', 'broken'] as const).flatMap((state) =>
    of(state) > 0 ? [`${of(state)} ${state}`] : []
  )
  const left = notRun.length > 0 ? [`${notRun.length} not run`] : []
  const text = `${plural(results.length + notRun.length, 'case')}: ${[`${of('passed')} passed`, ...parts, ...left].join(', ')}`
  return parts.length === 0 ? green(text) : red(text)
}
