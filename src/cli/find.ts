// `retrace find`: the first place of each run where a text, a key or a condition appears.
import { append } from '../contract/lists.ts'
import { CodedError } from '../contract/errors.ts'
import { findOperators, hitPath } from '../contract/finding.ts'
import type { FindOperator, FindQuestion, RunHit, RunHits } from '../contract/finding.ts'
import { plural } from '../contract/words.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

const kinds = {
  workspace: 'text',
  run: 'list',
  key: 'text',
  path: 'text',
  operator: 'text',
  value: 'list',
  'match-case': 'flag',
  json: 'flag'
} as const

export const findCommand: Command = async (context) => {
  const { usage } = context
  const { options, words } = parseCommand(context.args, kinds, usage, { min: 0, max: 1 })
  const question = questionOf({ ...options, text: words[0] }, usage)
  const found = await withHost(context, options.workspace, { looks: true }, async (host) => {
    const all: { readonly hits: RunHit[]; readonly unread: { readonly why: string }[] } = { hits: [], unread: [] }
    for (let cursor: string | null = null, isMore = true; isMore; isMore = cursor !== null) {
      const runIds = options.run.length > 0 ? { runIds: [...options.run] } : {}
      const page: RunHits = await host.ask('runs.find', { question, ...runIds, cursor, limit: 1000 })
      append(all.hits, page.hits)
      append(all.unread, page.unread)
      cursor = page.cursor
    }
    return all
  })
  if (options.json) context.print(JSON.stringify(found.hits.map(rowOf)))
  else for (const hit of found.hits) context.print(line(hit, context.color))
  for (const { why } of found.unread) context.complain(`note ${visible(why)}`)
  if (found.hits.length === 0 && !options.json) context.print('No run has it.')
  else if (!options.json) context.print(createStyle(context.color).dim(plural(found.hits.length, 'run')))
  return found.hits.length > 0 ? 0 : 1
}

interface Given {
  readonly text?: string | undefined
  readonly key?: string | undefined
  readonly path?: string | undefined
  readonly operator?: string | undefined
  readonly value: readonly string[]
  readonly 'match-case': boolean
}

function questionOf({ text, key, path, operator, value, 'match-case': matchCase }: Given, usage: string): FindQuestion {
  const invalid = (problem: string): CodedError =>
    new CodedError('COMMAND_INVALID', `${problem}. Usage: retrace ${usage}`)
  const given = [text, key, path].filter((one) => one !== undefined)
  if (given.length !== 1 || given[0] === '') throw invalid('One of a text, --key and --path is searched for')
  const ignoreCase = !matchCase
  if (path === undefined) {
    if (operator !== undefined || value.length > 0) throw invalid('--operator and --value go with --path')
    return text === undefined ? { key: key as string, ignoreCase } : { text, ignoreCase }
  }
  if (matchCase) throw invalid('--match-case goes with a text or --key; conditions compare as MISP does')
  if (operator !== undefined && !isOperator(operator))
    throw invalid(`--operator is one of ${findOperators.join(', ')}, not “${operator}”`)
  const asked = operator ?? (value.length > 1 ? 'in_or' : value.length === 1 ? 'in' : 'any_value')
  const isList = asked.endsWith('_or') || asked.endsWith('_and')
  return { path, operator: asked, value: isList ? [...value] : (value[0] ?? '') }
}

const isOperator = (name: string): name is FindOperator => (findOperators as readonly string[]).includes(name)

const rowOf = (hit: RunHit): Pick<RunHit, 'step' | 'nodeId' | 'value'> & { run: string; path: string } => ({
  run: hit.runId,
  step: hit.step,
  nodeId: hit.nodeId,
  path: hitPath(hit),
  value: hit.value
})

function line(hit: RunHit, color: boolean): string {
  const { bold, dim } = createStyle(color)
  const { runId, step, nodeId, preview } = hit
  const where = step === 0 ? 'input' : `step ${step}${nodeId === null ? '' : ` node ${nodeId}`}`
  return `${bold(runId)}  ${where}  ${visible(hitPath(hit))}  ${dim(visible(preview))}`
}
