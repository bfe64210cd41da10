// Named mocks and pins of the workspace. Small: a pinned output that is large stays in the host until it is edited.
import { createStore } from 'zustand/vanilla'
import type { MockSet, PinnedOutput, Placeholder } from '../../contract/effects.ts'
import type { WorkflowSource } from '../../contract/operations.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'

export interface Mocks {
  readonly sets: readonly MockSet[] | null
  readonly failure: Failure | null
}

export const mocks = createStore<Mocks>(() => ({ sets: null, failure: null }))

export async function reloadMocks(): Promise<void> {
  const answer = await client.call('mocks.list', {})
  if (answer.ok) mocks.setState({ sets: answer.data, failure: null })
  else mocks.setState(({ sets }) => ({ sets: sets ?? [], failure: answer.error }))
}

/** Asks once; whoever changes a set puts it here. */
export function openMocks(): void {
  if (mocks.getState().sets === null) void reloadMocks()
}

/** The set that belongs to a saved workflow; null for others. */
export const ownSet = (sets: readonly MockSet[] | null, workflow: WorkflowSource | null): MockSet | null =>
  (workflow && 'workflowId' in workflow && sets?.find((set) => set.workflowId === workflow.workflowId)) || null

const keep = (set: MockSet): MockSet => {
  mocks.setState(({ sets }) => ({ sets: [...(sets ?? []).filter((one) => one.id !== set.id), set], failure: null }))
  return set
}

/** Where something is added: a set that is there, or a new one. */
export type MockTarget = { readonly id: string } | { readonly name: string; readonly workflowId: string | null }

export interface MockAddition {
  readonly mocks?: JsonMap
  readonly pins?: { readonly [nodeId: string]: PinnedOutput }
}

const fieldsOf = (set: MockSet) => ({
  id: set.id,
  name: set.name,
  workflowId: set.workflowId,
  mocks: set.mocks as JsonMap,
  pins: copyPins(set.pins),
  placeholders: Object.fromEntries(
    Object.entries(set.placeholders).map(([id, one]) => [id, { ...one, errors: [...one.errors] }])
  )
})

const copyPins = (pins: MockSet['pins']) =>
  Object.fromEntries(Object.entries(pins).map(([id, pin]) => [id, { ...pin, errors: [...pin.errors] }]))

export type MockFields = Omit<MockSet, 'id' | 'savedAt'> & { readonly id?: string }

/** Saves a set as it is given. A text is what went wrong. */
export async function saveMocks(fields: MockFields): Promise<MockSet | Failure> {
  const { id, ...rest } = fields
  const answer = await client.call('mocks.save', {
    ...(id === undefined ? {} : { id }),
    name: rest.name,
    workflowId: rest.workflowId,
    mocks: rest.mocks as JsonMap,
    pins: copyPins(rest.pins),
    placeholders: Object.fromEntries(
      Object.entries(rest.placeholders).map(([key, one]) => [key, { ...one, errors: [...one.errors] }])
    )
  })
  return answer.ok ? keep(answer.data) : answer.error
}

/** Adds to a set; what stands there for the same node is replaced. */
export async function addToMocks(target: MockTarget, added: MockAddition): Promise<MockSet | Failure> {
  const known = 'id' in target ? mocks.getState().sets?.find((one) => one.id === target.id) : undefined
  const base: MockFields = known
    ? fieldsOf(known)
    : {
        name: 'name' in target ? target.name : 'Mocks',
        workflowId: 'name' in target ? target.workflowId : null,
        mocks: {},
        pins: {},
        placeholders: {}
      }
  return saveMocks({ ...base, mocks: { ...base.mocks, ...added.mocks }, pins: { ...base.pins, ...added.pins } })
}

/** Sets the stand-in result of a module in the workflow's own set, which is made when there is none; null takes it away. */
export async function setPlaceholder(
  { workflowId, name }: { readonly workflowId: string; readonly name: string },
  moduleId: string,
  chosen: Placeholder | null
): Promise<MockSet | Failure> {
  const known = mocks.getState().sets?.find((one) => one.workflowId === workflowId)
  const base: MockFields = known ? fieldsOf(known) : { name, workflowId, mocks: {}, pins: {}, placeholders: {} }
  const others = Object.entries(base.placeholders).filter(([id]) => id !== moduleId)
  return saveMocks({ ...base, placeholders: Object.fromEntries(chosen ? [...others, [moduleId, chosen]] : others) })
}

export async function deleteMocks(id: string): Promise<Failure | null> {
  const answer = await client.call('mocks.delete', { id })
  if (!answer.ok) return answer.error
  mocks.setState({ sets: answer.data, failure: null })
  return null
}

/** One node, or all. */
export async function unpin(id: string, nodeId?: number): Promise<Failure | null> {
  const answer = await client.call('mocks.unpin', { id, ...(nodeId === undefined ? {} : { nodeId }) })
  if (!answer.ok) return answer.error
  keep(answer.data)
  return null
}

export const isFailure = (value: MockSet | Failure): value is Failure => 'code' in value

client.onState((state) => state === 'open' && mocks.getState().sets !== null && void reloadMocks())
