// What failed because nobody answered is asked again: when the connection is back, or when a person wants it.
import { createStore } from 'zustand/vanilla'
import { client } from '../client/client.ts'

/** Questions of views depend on it: another number asks again. */
export const retries = createStore<{ readonly count: number }>(() => ({ count: 0 }))

export const askAgain = (): void => retries.setState(({ count }) => ({ count: count + 1 }))

let wasLost = false
client.onState((state) => {
  if (state === 'lost') wasLost = true
  if (state !== 'open' || !wasLost) return
  wasLost = false
  askAgain()
})
