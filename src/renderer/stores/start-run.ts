// Starts a run. What the host has to know first is asked for: which of several entries, and as which trigger a workflow runs whose own one this
// version of MISP does not have.
import type { DataSource, Params, Result } from '../../contract/operations.ts'
import type { Answer, Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { modulesNow } from './added-modules.ts'
import { askChoice } from './choice.ts'

interface Entry {
  readonly index: number
  readonly name?: string
  readonly uuid?: string
  readonly id?: string
}

const entriesOf = ({ details }: Failure): readonly Entry[] =>
  Array.isArray(details?.['entries']) ? (details['entries'] as readonly Entry[]) : []

const labelOf = ({ index, name = '', uuid = '', id = '' }: Entry): string =>
  `${index}: ${[name, uuid, name === '' && uuid === '' ? id : ''].filter((one) => one !== '').join(' · ') || 'without a name'}`

/** The place of the entry that a person picks; null when they gave up, or when there is nothing to pick from. */
export async function askEntry(failure: Failure, title: string): Promise<number | null> {
  const entries = entriesOf(failure)
  if (entries.length === 0) return null
  const count = Number(failure.details?.['count'] ?? entries.length)
  const rest = count > entries.length ? ` The first ${entries.length} of ${count} are listed.` : ''
  const chosen = await askChoice({
    title,
    text: `It holds ${count} entries.${rest}`,
    options: entries.map((entry) => ({ id: String(entry.index), label: labelOf(entry) })),
    answers: [{ id: 'chosen', label: 'Use this one', primary: true }]
  })
  return chosen === null ? null : Number(chosen)
}

/** The triggers that a workflow can be run as. */
export const triggerChoices = (): readonly { readonly id: string; readonly label: string }[] =>
  modulesNow()
    .list()
    .modules_trigger.map(({ id, name }) => ({ id, label: `${name} (${id})` }))

const askTrigger = ({ message, details }: Failure): Promise<string | null> =>
  askChoice({
    title: 'Run it as another trigger?',
    // What else can be done is asked here.
    text: typeof details?.['why'] === 'string' ? details['why'] : message,
    options: [...triggerChoices()].sort((a, b) => Number(b.id === 'event-publish') - Number(a.id === 'event-publish')),
    answers: [{ id: 'chosen', label: 'Run as this trigger', primary: true }]
  })

type Started = Answer<Result<'run.start'>>

const withIndex = (data: DataSource, index: number): DataSource => ('runId' in data ? data : { ...data, index })

/** Null when a question was left unanswered: nothing was started. */
export async function startRun(params: Params<'run.start'>): Promise<Started | null> {
  const answer = await client.call('run.start', params)
  if (answer.ok) return answer
  const { error } = answer
  if (error.code === 'INPUT_SEVERAL' && entriesOf(error).length > 0) {
    const index = await askEntry(error, 'Which one?')
    return index === null ? null : startRun({ ...params, data: withIndex(params.data as DataSource, index) })
  }
  if (error.code === 'TRIGGER_UNKNOWN' && params.options?.as === undefined) {
    const as = await askTrigger(error)
    return as === null ? null : startRun({ ...params, options: { ...params.options, as } })
  }
  return answer
}
