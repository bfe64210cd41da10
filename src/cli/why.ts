// `retrace why`: the cause of a run's outcome in one sentence; with --node, why that node was not reached. `retrace blame`: who wrote a value.
import { capturedBlame, chainText } from '../contract/chain.ts'
import type { BlameEntry } from '../contract/chain.ts'
import { CodedError } from '../contract/errors.ts'
import { shownAs } from '../contract/words.ts'
import { previewOf, previewsOf } from '../engine/format/preview.ts'
import { numberOption, parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { createStyle, visible } from './style.ts'
import { unreachedLines } from './unreached.ts'
import { unpackRun } from '../contract/packed-steps.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { withHost } from './workspace-host.ts'

export const whyCommand: Command = async (context) => {
  const kinds = { workspace: 'text', node: 'text', step: 'text', json: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const runId = words[0] as string
  const nodeId = numberOption(options.node, 'node', 0, 1e15)
  const number = numberOption(options.step, 'step', 1, 1e9)
  if (number !== undefined || nodeId !== undefined) {
    const told = await withHost(context, options.workspace, { looks: true }, (host) =>
      stepReason(host, runId, number, nodeId)
    )
    if (told !== null) {
      if (options.json) context.print(JSON.stringify(told))
      else {
        context.print(visible(told.text))
        for (const { name, value } of told.facts) context.print(`  ${name.padEnd(9)} ${visible(value)}`)
      }
      return 0
    }
  }
  const { chain, unreached } = await withHost(context, options.workspace, { looks: true }, async (host) => ({
    chain: await host.ask('run.chain', { runId, ...(nodeId === undefined ? {} : { nodeId }) }),
    unreached: nodeId === undefined ? (await host.ask('runs.get', { runId })).unreached : []
  }))
  if (chain === null) {
    const text =
      nodeId === undefined
        ? 'The run has not come to its end.'
        : `Node ${nodeId} was executed, and there is no more to say of it than \`show\` does.`
    throw new CodedError('STEP_NOT_FOUND', text)
  }
  if (options.json) {
    const told = unreached.map(({ chain: why, ...rest }) => ({ ...rest, text: chainText(why) }))
    context.print(JSON.stringify({ text: chainText(chain), links: chain.links, unreached: told }))
    return 0
  }
  context.print(visible(chainText(chain)))
  const skipped = unreached.filter((one) => one.skipped)
  for (const line of unreachedLines(skipped, createStyle(context.color), 110)) context.print(line)
  return 0
}

/** Why a step, or the last one of a node, came out as it did; null for a node that was not executed, and where there is nothing to tell. */
async function stepReason(host: ConnectedHost, runId: string, number: number | undefined, nodeId: number | undefined) {
  const { steps } = unpackRun(await host.ask('runs.get', { runId }))
  const step = number ?? steps.findLast((one) => one.nodeId === nodeId)?.step
  if (step === undefined) return null
  const reason = await host.ask('run.why', { runId, step })
  const at = steps[step - 1]?.nodeId ?? null
  if (reason === null)
    return number === undefined ? null : { step, nodeId: at, text: nothingToTell, verdict: 'unknown', facts: [] }
  const { text, verdict, facts } = reason
  return { step, nodeId: at, text, verdict, facts }
}

const nothingToTell = 'There is no more to say of this step than `show` does.'

export const blameCommand: Command = async (context) => {
  const kinds = { workspace: 'text', step: 'text', json: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, {
    ...{ min: 2, max: 2 },
    // Told with an example, below.
    mayBeEmpty: true
  })
  const [runId, path] = words as [string, string]
  if (path.trim() === '')
    throw new CodedError('COMMAND_INVALID', 'PATH is empty. It is a hash path such as Event.Tag.{n}.name.')
  const asked = numberOption(options.step, 'step', 0, 1e9)
  const { entries, origin } = await withHost(context, options.workspace, { looks: true }, async (host) => {
    const { summary } = await host.ask('runs.get', { runId })
    return { entries: await host.ask('run.blame', { runId, step: asked ?? null, path }), origin: summary.origin }
  })
  if (options.json)
    context.print(JSON.stringify(entries.map(({ path: _, source: _source, between: _between, ...entry }) => entry)))
  else if (entries.length === 0) context.print('No step of the run wrote it, and its input does not have it.')
  else {
    for (const entry of entries) context.print(line(entry, context.color))
    if (origin === 'captured' && entries.some(({ step, from }) => step > 0 && from === null))
      context.print(createStyle(context.color).dim(capturedBlame))
  }
  return 0
}

function line(entry: BlameEntry, color: boolean): string {
  const { bold, dim } = createStyle(color)
  const { step, nodeId, op, before, after, from } = entry
  const where =
    step === 0
      ? bold('input')
      : entry.between
        ? `before ${bold(`step ${step}`)}`
        : `${bold(`step ${step}`)} node ${nodeId}`
  const what =
    op === 'changed'
      ? previewsOf(before, after).map(shownAs).join(' → ')
      : op === 'removed'
        ? shownAs(previewOf(before))
        : shownAs(previewOf(after))
  const told = visible(step === 0 ? what : `${op} ${what}`)
  return `${where}  ${told}${from === null ? '' : dim(`  from ${visible(from)}`)}`
}
