// What came with the workspace and waits for a yes, and a person's answer.
import { createStore } from 'zustand/vanilla'
import type { TrustItem, TrustState } from '../../contract/trust.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'

interface Known extends TrustState {
  /** Grows with each answer: forms that show settings ask for them again. */
  readonly answers: number
}

export const trust = createStore<Known>(() => ({ items: [], waiting: 0, answers: 0 }))

async function reload(): Promise<void> {
  const answer = await client.call('trust.list', {})
  if (answer.ok) trust.setState(answer.data)
}

/** Exactly what was shown; what changed meanwhile is shown again instead. */
export async function decide(items: readonly TrustItem[], allow: boolean): Promise<void> {
  const choices = items.map(({ key, hash }) => ({ key, hash }))
  const answer = await client.call(allow ? 'trust.allow' : 'trust.decline', { items: choices })
  if (!answer.ok) {
    showFailure(answer.error)
    return reload()
  }
  trust.setState({ ...answer.data, answers: trust.getState().answers + 1 })
  toast(allow ? 'Allowed' : 'Kept off')
}

client.on('trust.changed', (state) => trust.setState(state))
client.onState((state) => state === 'open' && void reload())
