// All runs of a workspace at once, for those who do not page: captured, from logs and local, newest first.
import { append } from '../../contract/lists.ts'
import type { Result } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { toRunSummary } from '../capture/derive/captured-run.ts'
import { WorkflowNames } from '../capture/group/fitting-workflow.ts'
import { summaryOfLogged } from '../capture/import/log-import.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const runRowHandlers = (services: Services): Handlers<'runs.rows'> => ({
  'runs.rows': () => runRows(services)
})

async function runRows({ workspace, capture }: Services): Promise<Result<'runs.rows'>> {
  const service = await capture.service()
  const counts = new Map<string, number>()
  const runs: RunSummary[] = []
  const names = new WorkflowNames(workspace.workflows)
  for (const run of service.runs.values()) {
    counts.set(run.id, run.posts.length)
    const { verified } = workspace.runs.get(run.id) ?? {}
    runs.push({ ...toRunSummary(run, names.of(run)), outcome: run.outcome, ...(verified ? { verified } : {}) })
  }
  const matches = await capture.logs.match(service.dir, () => [...runs])
  append(
    runs,
    matches.flatMap(({ log, run, id }) => (run === null ? [summaryOfLogged(log, id)] : []))
  )
  for (let cursor: string | null = null; ;) {
    const page = workspace.runs.list({ origin: ['local'] }, '', cursor, 1000)
    append(
      runs,
      page.runs.filter((run) => run.origin === 'local')
    )
    cursor = page.cursor
    if (cursor === null) break
  }
  runs.sort((a, b) =>
    a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : b.id.localeCompare(a.id, 'en', { numeric: true })
  )
  return { runs: runs.map((run) => ({ ...run, posts: counts.get(run.id) ?? 0 })), accounts: await service.accounts() }
}
