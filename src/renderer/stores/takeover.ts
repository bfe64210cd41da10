// Answers of MISP's API that a person brings: the host tells by their shape what they are and puts them where they belong.
import { createStore } from 'zustand/vanilla'
import type { TakenOver } from '../../contract/effects.ts'
import type { Params } from '../../contract/operations.ts'
import type { Answer, Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { inlineLimit } from '../client/upload.ts'
import { openPicker } from '../client/pick-files.ts'
import { showFailure } from './app.ts'
import { sendFile } from './import.ts'

export interface TakeoverRow {
  readonly id: number
  /** The file, or the address that it was fetched from. */
  readonly from: string
  readonly taken: TakenOver | null
  readonly failure: Failure | null
}

export interface Takeover {
  readonly rows: readonly TakeoverRow[]
  /** What is under way, in words. */
  readonly busy: string | null
}

export const takeover = createStore<Takeover>(() => ({ rows: [], busy: null }))

let rowId = 0
const add = (from: string, taken: readonly TakenOver[], failure: Failure | null = null): void => {
  const rows: TakeoverRow[] = failure
    ? [{ id: ++rowId, from, taken: null, failure }]
    : taken.map((one) => ({ id: ++rowId, from, taken: one, failure: null }))
  takeover.setState((state) => ({ rows: [...rows, ...state.rows].slice(0, 300) }))
}

const isWaiting = ({ taken }: TakeoverRow): boolean => taken?.asks !== undefined

/** Workflows that are here already and of which nobody has said what becomes of them. */
export const waiting = (rows: readonly TakeoverRow[]): readonly TakeoverRow[] => rows.filter(isWaiting)

/** Saves what came as a new version of the workflow that is here, or as a copy beside it. */
export async function decide(rows: readonly TakeoverRow[], ifKnown: 'version' | 'copy'): Promise<void> {
  for (const { id, taken } of rows) {
    if (taken?.asks === undefined) continue
    const { workflowId, workflow } = taken.asks
    const own = ifKnown === 'version' ? { workflowId } : { ifKnown }
    const saved = await client.call('workflows.save', { workflow, note: 'Imported from MISP', ...own })
    if (!saved.ok) return showFailure(saved.error)
    const { asks: _, ...kept } = taken
    const note = ifKnown === 'version' ? `version ${saved.data.version}` : 'a copy'
    const done: TakenOver = { ...kept, name: saved.data.name, count: 1, id: saved.data.id, note }
    takeover.setState((state) => ({ rows: state.rows.map((row) => (row.id === id ? { ...row, taken: done } : row)) }))
  }
}

/** Returns whether rows of the world came in. */
async function bring(file: File, newWorld: boolean): Promise<boolean> {
  if (file.size > inlineLimit) {
    const sent = await sendFile(file)
    if (!sent.ok) {
      add(file.name, [], sent.error)
      return false
    }
    return told(file, await client.call('takeover.import', { name: file.name, uploadId: sent.data.uploadId, newWorld }))
  }
  return told(file, await client.call('takeover.import', { name: file.name, text: await file.text(), newWorld }))
}

function told(file: File, answer: Answer<readonly TakenOver[]>): boolean {
  add(file.name, answer.ok ? answer.data : [], answer.ok ? null : answer.error)
  return answer.ok && answer.data.some(({ to }) => to === 'world')
}

const isNothing = ({ taken }: TakeoverRow): boolean => taken?.to === 'nothing'

/** What still waits for an answer stays. */
export const clearResults = (): void => takeover.setState(({ rows }) => ({ rows: waiting(rows) }))

/** One after the other; what fails is told beside what worked. Returns how many files were taken over whole. */
export async function importAnswers(files: readonly File[], newWorld = false): Promise<number> {
  let begins = newWorld
  const unfinished = () =>
    takeover.getState().rows.filter((row) => row.failure || isWaiting(row) || isNothing(row)).length
  const before = unfinished()
  for (const [i, file] of files.entries()) {
    takeover.setState({ busy: `Reading ${file.name} (${i + 1} of ${files.length})` })
    if (await bring(file, begins)) begins = false
  }
  takeover.setState({ busy: null })
  return Math.max(0, files.length - (unfinished() - before))
}

/** What came; null where nothing could be fetched, which is told. */
export async function fetchAnswers(params: Params<'takeover.fetch'>): Promise<readonly TakenOver[] | null> {
  takeover.setState({ busy: `Fetching from ${params.address}` })
  const answer = await client.call('takeover.fetch', params)
  takeover.setState({ busy: null })
  add(params.address, answer.ok ? answer.data : [], answer.ok ? null : answer.error)
  return answer.ok ? answer.data : null
}

/** Lets a person choose files. */
export function pickAnswers(then: (files: readonly File[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = '.json,.txt'
  input.onchange = () => then([...(input.files ?? [])])
  openPicker(input)
}
