// `retrace coverage`: which nodes, connections and sides of conditions of a workflow have run.
import type { Coverage } from '../contract/coverage.ts'
import { CodedError } from '../contract/errors.ts'
import type { RunSummary } from '../contract/run-views.ts'
import { plural } from '../contract/words.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { moduleOf, nodesOf, field } from '../engine/graph/nodes.ts'
import { triggerIdOf } from '../engine/graph/walk-helpers.ts'
import { casesTouching } from '../host/cases/touching.ts'
import { askingHost } from '../host/tried/ask.ts'
import { reportCoverage } from '../host/tried/coverage.ts'
import { runsOfWorkflow, type Touching } from '../host/tried/inputs.ts'
import { parseProfile } from '../host/worker/runs/run-input.ts'
import { numberOption, parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { withFiles } from './files-host.ts'
import { isThere, readRunOptions } from './input.ts'
import { createStyle, visible } from './style.ts'
import { eventsIn, lastRuns, leftOutWords, mostRuns, progressOf, triedOptions } from './tried.ts'

const kinds = { ...triedOptions, cases: 'text', min: 'text' } as const

export const coverageCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const [word] = words as [string]
  const min = numberOption(options.min, 'min', 0, 100) ?? 0
  const isAsked = options.events !== undefined || options.cases !== undefined
  const last = numberOption(options.last, 'last', 1, mostRuns) ?? (isAsked ? 0 : 100)
  const { world, ...given } = await readRunOptions(options, context.complain)
  const asked = { allow: [], ...(world ? { world } : {}) }
  const about = { ...options, named: { workflow: [word] } }
  const { coverage, workflow } = await withFiles(context, about, asked, async (files) => {
    const { source, workflow } = await files.workflow(word, options.pick)
    const isOwn = 'workflowId' in source
    if (!isOwn && options.workspace === undefined && !isAsked && options.last === undefined)
      throw new CodedError(
        'COMMAND_INVALID',
        `Say over what: --cases DIR, --events DIR, or --last N of a workspace (--workspace D). Usage: retrace ${context.usage}`
      )
    const named = { id: isOwn ? source.workflowId : '', name: nameOf(workflow), trigger: triggerIdOf(workflow.data) }
    const pick = (runs: readonly RunSummary[]): readonly Touching[] => runsOfWorkflow(named, runs, last)
    const which = named.name === '' ? 'of this workflow' : `of a workflow “${named.name}” on ${named.trigger}`
    const events = await eventsIn(files, options.events, context)
    const inputs: Touching[] = [
      ...(await lastRuns(files, { last, pick, which }, context)),
      ...events.inputs,
      ...(options.cases === undefined
        ? []
        : casesTouching(options.cases, {
            ...{ workflow, id: named.id, file: isThere(word) ? word : null },
            profile: options.profile === undefined ? undefined : parseProfile(options.profile)
          }))
    ]
    const question = { workflow: source, options: given }
    const counted = await reportCoverage(askingHost(files.host), question, inputs, progressOf(context))
    return { coverage: { ...counted, leftOut: counted.leftOut + events.unread }, workflow }
  })
  if (options.json) context.print(JSON.stringify(coverage, null, 2))
  else print(coverage, { workflow, hasCases: options.cases !== undefined }, context)
  return coverage.percent < min ? 1 : 0
}

const nameOf = ({ name }: RawWorkflow): string => (typeof name === 'string' ? name : '')

/** What is missing stands out; what has run is counted. */
function print(
  coverage: Coverage,
  { workflow, hasCases }: { readonly workflow: RawWorkflow; readonly hasCases: boolean },
  { print: line, color }: CommandContext
): void {
  const { bold, dim, red, green } = createStyle(color)
  const { percent, covered, total, runs, leftOut, nodes, edges, conditions } = coverage
  const told = (count: number): string => (count === 0 ? red('never') : green(`${count}×`))
  line(bold(`${percent} % covered`) + dim(`  ${covered} of ${total}, ${plural(runs, 'run')}`))
  if (leftOut > 0) line(dim(leftOutWords(leftOut, hasCases ? ', a case of another workflow' : '')))
  for (const { node } of nodesOf(workflow.data)) {
    const id = String(field(node, 'id'))
    line(`node ${id} ${visible(moduleOf(node).id)}  ${told(nodes[id] ?? 0)}`)
    const condition = conditions[id]
    if (condition) {
      line(`    true ${told(condition.true)}, false ${told(condition.false)}`)
      for (const [value, hits] of Object.entries(condition.alternatives))
        line(`    ${visible(value)}: found ${told(hits)}, not found ${told(condition.without[value] ?? 0)}`)
    }
    for (const [key, hits] of Object.entries(edges))
      if (key.startsWith(`${id}.`)) line(`    ${visible(key.slice(id.length + 1).replace('->', ' → '))}  ${told(hits)}`)
  }
}
