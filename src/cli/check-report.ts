// What `retrace check` prints for people, and as JSON. Other formats have files of their own.
import { plural } from '../contract/words.ts'
import type { Finding, LeftOut, LintReport } from '../host/lint/lint.ts'
import type { CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'

const openOf = ({ findings }: LintReport): readonly Finding[] =>
  findings.filter(({ suppressed }) => suppressed === null)

/** Of a single file: MISP's refusals and the warnings, each as operations answer them. */
export function printLists(report: LintReport, { print }: CommandContext): void {
  const problems = openOf(report).map(
    (one) =>
      one.problem ?? {
        ...{ severity: one.severity, code: one.ruleId, message: one.message },
        ...{ nodeIds: one.nodeIds, edges: one.edges }
      }
  )
  const errors = problems.filter(({ severity }) => severity === 'error')
  print(JSON.stringify({ errors, warnings: problems.filter(({ severity }) => severity === 'warning') }, null, 2))
}

export function printJson(report: LintReport, { print }: CommandContext): void {
  const problems = openOf(report).map(
    ({ problem: _problem, unread: _error, suppressed: _none, others: _others, region, ...one }) => ({
      ...one,
      line: region?.startLine ?? null,
      column: region?.startColumn ?? null
    })
  )
  print(JSON.stringify(problems, null, 2))
}

/** @param alone one file was named, which needs no heading */
export function printHuman(report: LintReport, alone: boolean, context: CommandContext): void {
  const { print, color } = context
  const { green, bold } = createStyle(color)
  const open = openOf(report)
  let heading = ''
  for (const one of open) {
    const own = `${one.file}${one.workflow === '' ? '' : `  ${one.workflow}`}`
    if (!alone && own !== heading) print(bold(visible(own)))
    heading = own
    printFinding(one, context, alone)
  }
  const suppressed = report.findings.length - open.length
  const counted = (severity: string): number => open.filter((one) => one.severity === severity).length
  const accepted = suppressed > 0 ? `, ${suppressed} suppressed` : ''
  const over = alone ? '' : ` in ${plural(report.workflows, 'workflow')} of ${plural(report.files, 'file')}`
  if (open.length === 0) print(green(`no problems${over}${accepted}`))
  else print(`${plural(counted('error'), 'error')}, ${plural(counted('warning'), 'warning')}${over}${accepted}`)
  tellLeftOut(report, context)
}

export function tellLeftOut({ leftOut }: LintReport, { complain }: CommandContext): void {
  for (const text of leftOutTexts(leftOut)) complain(visible(`note ${text}`))
}

/** Beside a folder's workflows there may be thousands. */
const mostNamed = 10

export const named = (files: readonly string[]): string =>
  files.length > mostNamed
    ? `${files.slice(0, mostNamed).join(', ')} and ${files.length - mostNamed} more`
    : files.join(', ')

function leftOutTexts({ others, noJson, large, links }: LeftOut): string[] {
  return [
    ...(others > 0
      ? [
          `${plural(others, 'JSON file is neither workflow nor blueprint', 'JSON files are neither workflow nor blueprint')}, left out`
        ]
      : []),
    ...(noJson.length > 0 ? [`left out, as they cannot be read as JSON: ${named(noJson)}`] : []),
    ...(large.length > 0 ? [`left out, as they are larger than any workflow: ${named(large)}`] : []),
    ...(links.length > 0 ? [`left out, as links are not followed: ${named(links)}`] : [])
  ]
}

function printFinding(
  { severity, ruleId, message, nodeIds, edges, region }: Finding,
  { print, color }: CommandContext,
  alone: boolean
): void {
  const { red, yellow, dim, bold } = createStyle(color)
  const mark = severity === 'error' ? red('error  ') : yellow('warning')
  const nodes = nodeIds.length > 0 ? `  ${dim(`node ${visible(nodeIds.slice(0, 20).join(', '))}`)}` : ''
  const at = alone || region === null ? '' : `  ${dim(`${region.startLine}:${region.startColumn}`)}`
  print(`${mark} ${bold(ruleId)}${nodes}${at}`)
  print(`        ${visible(message)}`)
  for (const edge of edges.slice(0, 20)) print(dim(`        ${visible(edge.join(' → '))}`))
}
