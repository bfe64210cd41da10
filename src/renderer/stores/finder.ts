// What the command palette finds beside commands: runs, workflows, events, modules, triggers, blueprints and settings, by name, id or word.
import { plural } from '../../contract/words.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { client } from '../client/client.ts'
import { blueprints, loadBlueprints } from './blueprints.ts'
import type { Command } from './commands.ts'
import { library } from './library.ts'
import { selectInList } from './lists.ts'
import { navigate } from './router.ts'
import { searchRuns } from './run-search.ts'
import { settingsSections, workflowSettings } from './settings-places.ts'

/** A thing of the workspace that can be opened; `words`: found by these, too. */
export type Found = Pick<Command, 'id' | 'title' | 'group' | 'words' | 'run'> & { readonly note: string }

const found = (group: string, id: string, title: string, note: string, words: string, run: () => void): Found => ({
  ...{ id: `found.${group}.${id}`, title, group, note, words: `${id} ${note} ${words}`, run }
})

/** Small lists that the page has: filtered as a person types. */
export function knownThings(): readonly Found[] {
  const { workflows, data, modules } = library.getState()
  return [
    ...(workflows ?? []).map((one) =>
      found('Workflows', one.id, one.name, one.trigger ?? '', one.note, () => navigate(['workflows', one.id]))
    ),
    ...(data ?? []).map((one) =>
      found(
        ...(['Data', one.id, one.name, one.events[0]?.info ?? ''] as const),
        one.events.map(({ id, uuid, info }) => `${id} ${uuid} ${info}`).join(' '),
        () => navigate(['data', one.id])
      )
    ),
    ...(modules ?? []).map((one) =>
      one.module_type === 'trigger'
        ? found('Triggers', one.id, one.name, one.id, one.description, () => navigate(['triggers', one.id]))
        : found('Modules', one.id, one.name, one.id, one.description, () => navigate(['modules', one.id]))
    ),
    ...(blueprints.getState().list ?? []).map((one) =>
      found('Blueprints', one.uuid, one.name, plural(one.nodes, 'node'), one.description, () => {
        selectInList('Blueprints', [one.uuid])
        navigate(['workflows', 'blueprints'])
      })
    ),
    ...settingsSections.map(([id, label]) =>
      found('Settings', id, `Settings: ${label}`, '', '', () => navigate(['settings', id]))
    ),
    ...workflowSettings.map(({ name, about }) =>
      found('Settings', name, name, about, '', () => navigate(['settings', 'misp']))
    )
  ]
}

/** The palette's list of blueprints may not have been asked for yet. */
export const loadThings = (): void => void (blueprints.getState().list === null && loadBlueprints())

const most = 8
const asRun = (run: RunSummary): Found =>
  found(
    ...(['Runs', run.id, run.name ?? [run.trigger, run.event?.info].filter(Boolean).join(' · ')] as const),
    ...([[run.outcome ?? run.state, run.workflowName].filter(Boolean).join(', '), ''] as const),
    () => navigate(['runs', run.id])
  )

/** Not by name, but by what is in them: offered behind all else. */
export const insideRuns = (query: string): readonly Found[] =>
  query.length < 2
    ? []
    : [
        found('Inside runs', 'inside', `Search inside all runs for “${query.slice(0, 60)}”`, '', '', () =>
          searchRuns({ query: query.slice(0, 1000), kind: 'text', matchCase: false, run: null })
        )
      ]

/** The newest runs that match; the host knows all of them and answers with a few. Nothing for what is too short to mean something. */
export async function findRuns(query: string): Promise<readonly Found[]> {
  if (query.length < 2) return []
  const answer = await client.call('runs.list', { search: query.slice(0, 1000), limit: most })
  return answer.ok ? answer.data.runs.map(asRun) : []
}
