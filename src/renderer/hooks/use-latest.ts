import { useEffect, useState } from 'react'
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import { useStore } from 'zustand'
import { client } from '../client/client.ts'
import { retries } from '../stores/retry.ts'

/**
 * Asks while something is being typed: after a pause, dropping late answers to older questions, and keeping the last answer until the next
 * one is there so that nothing flickers. `params` null asks nothing.
 */
export function useLatest<N extends OperationName>(
  name: N,
  params: Params<N> | null,
  pause = 150
): { readonly answer: Answer<Result<N>> | null; readonly waiting: boolean } {
  const key = params === null ? null : JSON.stringify(params)
  const count = useStore(retries, (state) => state.count)
  const [state, setState] = useState<{ readonly key: string; readonly answer: Answer<Result<N>> } | null>(null)
  useEffect(() => {
    if (params === null) return setState(null)
    let wanted = true
    const timer = setTimeout(
      () =>
        void client
          .call(name, params)
          .then((answer) => wanted && setState({ key: JSON.stringify(params), answer: answer as Answer<Result<N>> })),
      pause
    )
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [name, key, pause, count])
  return { answer: state?.answer ?? null, waiting: key !== null && state?.key !== key }
}
