// `retrace runs`: the runs of a workspace, captured and local, newest first.
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { clip, createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'
import { dayOf, stillStands } from '../contract/verify.ts'
import { plural, formatCount } from '../contract/words.ts'

export const runsCommand: Command = async (context) => {
  const kinds = { workspace: 'text', json: 'flag' } as const
  const { options } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 0 })
  const { runs, accounts } = await withHost(context, options.workspace, { looks: true }, (host) =>
    host.ask('runs.rows', {})
  )
  const today = dayOf(new Date())
  if (options.json) {
    const list = runs.map((run) => ({
      ...{ id: run.id, trigger: run.trigger, workflow: run.workflowName, outcome: run.outcome ?? 'no end' },
      ...{ posts: run.posts, startedAt: run.startedAt, origin: run.origin, confidence: run.confidence },
      ...{ parent: run.parent?.runId ?? null, event: run.event, steps: run.steps, errors: run.errors },
      verdict: run.verified !== undefined && stillStands(run.verified, today) ? run.verified.verdict : null
    }))
    context.print(JSON.stringify(list))
    return 0
  }
  const { bold, dim, green, red, yellow } = createStyle(context.color)
  const paint = (outcome: string): string =>
    outcome === 'success' ? green(outcome) : outcome === 'no end' ? yellow(outcome) : red(outcome)
  for (const run of runs) {
    const parent = run.parent === null ? '' : dim(`  inside ${run.parent.runId}`)
    const verdict =
      run.verified !== undefined && stillStands(run.verified, today) ? `  verified: ${run.verified.verdict}` : ''
    context.print(
      `${dim(run.startedAt)}  ${bold(run.id.padEnd(8))}  ${paint(run.outcome ?? 'no end')}  ${visible(run.trigger)}  ${plural(run.steps, 'node')}  ` +
        `${dim(visible(clip(run.event?.info ?? '', 50)))}${parent}${verdict}`
    )
  }
  const { inRuns, unassigned, removed } = accounts
  context.print(plural(runs.length, 'run'))
  if (unassigned + removed > 0)
    context.print(
      dim(`${plural(inRuns, 'post')} in runs, ${formatCount(unassigned)} unassigned, ${formatCount(removed)} removed`)
    )
  return 0
}
