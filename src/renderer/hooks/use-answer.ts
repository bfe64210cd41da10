import { useCallback, useEffect, useState } from 'react'
import type { EventName } from '../../contract/events.ts'
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import { useStore } from 'zustand'
import { client } from '../client/client.ts'
import { takeTold } from '../client/told.ts'
import { retries } from '../stores/retry.ts'

/** Events after which an answer may be another one. What is not here does not change while it is shown, or has a store of its own. */
const staleAfter: Partial<Record<OperationName, readonly EventName[]>> = {
  'capture.settings': ['workspace.changed', 'trust.changed'],
  'data.get': ['data.changed'],
  'keys.list': ['workspace.changed'],
  'live.settings': ['workspace.changed', 'trust.changed'],
  'mocks.list': ['workspace.changed'],
  'modules.get': ['workspace.changed', 'modules.changed'],
  'modules.usage': ['workflows.changed'],
  'profiles.list': ['workspace.changed', 'workflows.changed', 'runs.changed'],
  'runs.list': ['runs.changed'],
  'storage.info': ['workspace.changed', 'trust.changed'],
  'template.limits': ['workspace.changed', 'trust.changed'],
  'workspace.settings': ['workspace.changed'],
  'world.list': ['workspace.changed']
}

/** Milliseconds after an event; events come in bursts. */
const soon = 500

let typedIn: EventTarget | null = null
globalThis.document?.addEventListener('input', ({ target }) => (typedIn = target), true)
globalThis.document?.addEventListener('focusout', () => (typedIn = null), true)
const isTyping = (): boolean => typedIn !== null && typedIn === document.activeElement

/** Calls `ask` soon after one of the events; not under the hands of a person who types, but when they are done. */
function useEvents(names: readonly EventName[] | undefined, ask: () => void): void {
  useEffect(() => {
    if (!names) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined
        if (isTyping()) document.addEventListener('focusout', later, { once: true })
        else ask()
      }, soon)
    }
    const stop = names.map((name) => client.on(name, later))
    return () => {
      clearTimeout(timer)
      document.removeEventListener('focusout', later)
      for (const off of stop) off()
    }
  }, [names, ask])
}

/**
 * Asks once per set of parameters, and again when an event says that the answer may be another one; null while waiting. A late answer to an
 * older question is dropped. After the connection was lost it is asked again, and what is there stays until the answer comes.
 */
export function useAnswer<N extends OperationName>(name: N, params: Params<N>): Answer<Result<N>> | null {
  const key = JSON.stringify(params)
  const count = useStore(retries, (state) => state.count)
  const [asked, setAsked] = useState(0)
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: Answer<Result<N>> } | null>(null)
  const askAgain = useCallback(() => setAsked((times) => times + 1), [])
  useEvents(staleAfter[name], askAgain)
  useEffect(() => {
    const told = takeTold(name, params)
    if (told) return setAnswer({ key, answer: { ok: true, data: told.data } })
    let wanted = true
    void client.call(name, params).then((next) => {
      if (!wanted) return
      setAnswer((old) => {
        if (old?.key !== key) return { key, answer: next }
        // An answer that is there is better than the news that nobody answers now; the banner says that. The same answer changes nothing.
        const isLost = old.answer.ok && !next.ok && next.error.code === 'HOST_LOST'
        return isLost || JSON.stringify(old.answer) === JSON.stringify(next) ? old : { key, answer: next }
      })
    })
    return () => {
      wanted = false
    }
  }, [name, key, count, asked])
  return answer?.key === key ? answer.answer : null
}
