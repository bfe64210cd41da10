// A search in all runs, or in one: what is asked stands in the address, the places that are found come page by page.
import { createStore } from 'zustand/vanilla'
import { findOperators } from '../../contract/finding.ts'
import type { FindOperator, FindQuestion, RunHit, RunHits } from '../../contract/finding.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { jumps } from './jumps.ts'
import { navigate, router } from './router.ts'

export type FindKind = 'text' | 'key' | 'path'

/** As the form has it. */
export interface Asked {
  readonly query: string
  readonly kind: FindKind
  readonly operator: FindOperator
  /** Of a condition; one a line where it takes several. */
  readonly value: string
  readonly matchCase: boolean
  readonly run: string | null
}

export interface FoundPlace extends RunHit {
  readonly run: RunSummary
}

interface RunSearch {
  readonly state: 'idle' | 'searching' | 'done'
  readonly places: readonly FoundPlace[]
  readonly searched: number
  readonly unread: RunHits['unread']
  /** There are more; they are asked for when somebody wants them. */
  readonly cursor: string | null
  readonly failure: Failure | null
}

const nothing: RunSearch = { state: 'idle', places: [], searched: 0, unread: [], cursor: null, failure: null }
export const runSearch = createStore<RunSearch>(() => nothing)

/** Places that are found before a person is asked whether to go on. */
const enough = 200
const pageSize = 50

export const takesList = (operator: FindOperator): boolean => /_(or|and)$/.test(operator)

const isOperator = (name: string | undefined): name is FindOperator =>
  (findOperators as readonly (string | undefined)[]).includes(name)

export function askedIn(query: ReadonlyMap<string, string>): Asked {
  const [kind, operator] = [query.get('in'), query.get('op')]
  return {
    query: query.get('q') ?? '',
    kind: kind === 'key' || kind === 'path' ? kind : 'text',
    operator: isOperator(operator) ? operator : 'any_value',
    value: query.get('value') ?? '',
    matchCase: query.get('case') === '1',
    run: query.get('run') ?? null
  }
}

/** Opens the search; what is not given is as it was asked last. */
export function searchRuns(asked: Partial<Asked> = {}): void {
  const { parts, query: address } = router.getState()
  const last = askedIn(parts[0] === 'search' ? address : new Map())
  const { query, kind, operator, value, matchCase, run } = { ...last, ...asked }
  const given = {
    ...{ q: query || undefined, in: kind === 'text' ? undefined : kind, run: run ?? undefined },
    ...(kind === 'path' ? { op: operator, value: value || undefined } : { case: matchCase ? '1' : undefined })
  }
  navigate(['search'], given)
}

function questionOf({ query, kind, operator, value, matchCase }: Asked): FindQuestion {
  if (kind === 'text') return { text: query, ignoreCase: !matchCase }
  if (kind === 'key') return { key: query, ignoreCase: !matchCase }
  return { path: query, operator, value: takesList(operator) ? value.split('\n').filter((line) => line !== '') : value }
}

let current = 0

/** Searches anew; what an older question still finds is dropped. */
export async function startSearch(asked: Asked): Promise<void> {
  current++
  if (asked.query === '') return runSearch.setState(nothing, true)
  runSearch.setState({ ...nothing, state: 'searching' }, true)
  await goOn(asked)
}

/** The next places, from where it stopped. */
export async function goOn(asked: Asked): Promise<void> {
  const mine = current
  const until = runSearch.getState().places.length + enough
  runSearch.setState({ state: 'searching', failure: null })
  for (;;) {
    const { cursor } = runSearch.getState()
    const params = {
      question: questionOf(asked),
      cursor,
      limit: pageSize,
      ...(asked.run ? { runIds: [asked.run] } : {})
    }
    const answer = await client.call('runs.find', params)
    if (mine !== current) return
    if (!answer.ok) return runSearch.setState({ state: 'done', failure: answer.error })
    take(answer.data)
    const { places, cursor: next } = runSearch.getState()
    if (next === null || places.length >= until) return runSearch.setState({ state: 'done' })
  }
}

function take({ hits, runs, cursor, searched, unread }: RunHits): void {
  runSearch.setState((old) => ({
    places: [...old.places, ...hits.map((hit, i) => ({ ...hit, run: runs[i] as RunSummary }))],
    searched: old.searched + searched,
    unread: [...old.unread, ...unread],
    cursor
  }))
}

export function stopSearch(): void {
  current++
  runSearch.setState({ state: 'done' })
}

const tabs: { readonly [which in RunHit['which']]: string } = {
  ...{ normalized: 'output', original: 'input', input: 'input', output: 'output' },
  ...{ params: 'parameters', errors: 'errors', effects: 'effects' }
}

/** The step with the value in it. */
export function openPlace({ runId, step, which, path }: RunHit): void {
  jumps.setState({ jump: { runId, step, tab: tabs[which], path: path.length > 0 ? path : null } })
  navigate(['runs', runId, 'step', step])
}
