// `retrace case`: a run kept as a test.
import { statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import type { Case } from '../contract/case.ts'
import { CodedError } from '../contract/errors.ts'
import type { Params } from '../contract/operations.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { meant } from './near.ts'
import { checkNew, makeOutFolder, writeNew } from './output.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

const kinds = {
  out: 'text',
  expect: 'list',
  name: 'text',
  'workflow-file': 'text',
  'by-name': 'flag',
  workspace: 'text',
  json: 'flag'
} as const

export const caseCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const { name, workspace, json } = options
  const out = required(options.out, 'out', context.usage)
  const file = options['workflow-file']
  if (file !== undefined && options['by-name'])
    throw new CodedError('COMMAND_INVALID', 'Give --workflow-file or --by-name, not both.')
  const runId = words[0] as string
  const expect = options.expect.flatMap(ticked)
  if (expect.includes(''))
    throw new CodedError('COMMAND_INVALID', '--expect has nothing before or after a comma, or is empty.')
  if (file !== undefined && resolve(file) === resolve(out))
    throw new CodedError('COMMAND_INVALID', `${out} cannot be both the case and its workflow.`)
  checkNew(out)
  const { text, result } = await withHost(context, workspace, { looks: true }, async (host) => {
    const asked: Params<'cases.make'> = {
      ...{ runId, expect, byName: options['by-name'] },
      ...(name === undefined ? {} : { name }),
      ...(file === undefined ? {} : { workflowFile: beside(out, file) })
    }
    return host.ask('cases.make', asked)
  })
  await makeOutFolder(dirname(out))
  await writeNew(out, text)
  const { yellow } = createStyle(context.color)
  if (result.state !== 'passed')
    context.complain(yellow('note The case does not pass as it was made: what the run depended on is not all known.'))
  for (const one of result.differences) context.complain(`note ${visible(one.text)}.`)
  for (const reason of result.reasons) context.complain(`note ${visible(reason)}`)
  for (const note of [...foundNothing(text), ...(file === undefined ? [] : await saidOfFile(out))])
    context.complain(`note ${visible(note)}`)
  if (json) context.print(JSON.stringify({ file: out, name: result.name, state: result.state }))
  else context.print(`written to ${visible(out)}`)
  return 0
}

const parts = ['outcome', 'message', 'path', 'effects', 'changes']

/** A slip in a path, or in the name of a part, expects nothing, and passes. */
function foundNothing(text: string): readonly string[] {
  const { values = [] } = (JSON.parse(text) as Pick<Case, 'expect'>).expect
  return values.flatMap(({ path, is }) => {
    if (is !== null && !(Array.isArray(is) && is.length === 0)) return []
    const near = meant(path, parts)
    return [
      `“${path}” finds nothing in this run, which is what is expected${near === null ? '' : ` (near it: ${near})`}.`
    ]
  })
}

/** The run was made with its own workflow; with what the file holds it may come out otherwise, or there is none. */
async function saidOfFile(out: string): Promise<readonly string[]> {
  if (!statSync(out).isFile()) return []
  const { testCase } = await import('../host/cases/test-case.ts')
  const { CaseReader } = await import('../host/cases/case-reader.ts')
  const { differences, reasons } = testCase(new CaseReader(), { path: out, name: out }, undefined).result
  return [...differences.map(({ text }) => `${text}.`), ...reasons]
}

/** At commas outside of brackets: hash paths have some inside. */
function ticked(list: string): readonly string[] {
  const found = ['']
  let depth = 0
  for (const character of list) {
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth--
    if (character === ',' && depth <= 0) found.push('')
    else found[found.length - 1] += character
  }
  return found.map((one) => one.trim())
}

/** A file as the case names it. */
function beside(out: string, file: string): string {
  const path = relative(dirname(out), file)
  if (isAbsolute(path) || path.split(sep)[0] === '..')
    throw new CodedError(
      'COMMAND_INVALID',
      `${file} is not in the folder of ${out}: a case reads nothing outside of its folder.`
    )
  return path.split(sep).join('/')
}
