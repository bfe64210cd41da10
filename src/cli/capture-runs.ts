// `retrace runs`: the runs of a workspace, captured and local, newest first.
import { toRunSummary } from '../host/capture/captured-run.ts'
import { WorkflowNames } from '../host/capture/fitting-workflow.ts'
import { logRuns } from '../host/capture/log-import.ts'
import type { RunSummary } from '../contract/run-views.ts'
import { parseCommand } from './args.ts'
import { openCapture } from './capture-workspace.ts'
import { findCommand } from './commands.ts'
import type { Command } from './context.ts'
import { clip, createStyle, visible } from './style.ts'

export const runsCommand: Command = async (context) => {
  const kinds = { workspace: 'text', json: 'flag' } as const
  const { options } = parseCommand(context.args, kinds, findCommand('runs')?.usage ?? '', { min: 0, max: 0 })
  const session = await openCapture(context, options.workspace)
  try {
    const counts = new Map<string, number>()
    const runs: RunSummary[] = []
    const names = new WorkflowNames(session.workspace.workflows)
    for (const run of session.capture.runs.values()) {
      counts.set(run.id, run.posts.length)
      runs.push({ ...toRunSummary(run, names.of(run)), outcome: run.outcome })
    }
    runs.push(...(await logRuns(session.capture.dir, () => [...runs])))
    for (let cursor: string | null = null; ;) {
      const page = session.workspace.runs.list({ origin: ['local'] }, '', cursor, 1000)
      runs.push(...page.runs.filter((run) => run.origin === 'local'))
      cursor = page.cursor
      if (cursor === null) break
    }
    runs.sort((a, b) =>
      a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : b.id.localeCompare(a.id, 'en', { numeric: true })
    )
    if (options.json) {
      const list = runs.map((run) => ({
        ...{ id: run.id, trigger: run.trigger, workflow: run.workflowName, outcome: run.outcome ?? 'no end' },
        ...{ posts: counts.get(run.id) ?? 0, startedAt: run.startedAt, origin: run.origin, confidence: run.confidence },
        ...{ parent: run.parent?.runId ?? null, event: run.event, steps: run.steps, errors: run.errors }
      }))
      context.print(JSON.stringify(list))
      return 0
    }
    const { bold, dim, green, red, yellow } = createStyle(context.color)
    const paint = (outcome: string): string =>
      outcome === 'success' ? green(outcome) : outcome === 'no end' ? yellow(outcome) : red(outcome)
    for (const run of runs) {
      const parent = run.parent === null ? '' : dim(`  inside ${run.parent.runId}`)
      context.print(
        `${dim(run.startedAt)}  ${bold(run.id.padEnd(8))}  ${paint(run.outcome ?? 'no end')}  ${visible(run.trigger)}  ${run.steps} nodes  ` +
          `${dim(visible(clip(run.event?.info ?? '', 50)))}${parent}`
      )
    }
    const { inRuns, unassigned, removed } = await session.capture.accounts()
    context.print(`${runs.length} runs`)
    if (unassigned + removed > 0)
      context.print(dim(`${inRuns} posts in runs, ${unassigned} unassigned, ${removed} removed`))
    return 0
  } finally {
    await session.close()
  }
}
