import { useEffect, useState } from 'react'
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import { useStore } from 'zustand'
import { client } from '../client/client.ts'
import { retries } from '../stores/retry.ts'

/**
 * Asks once per set of parameters; null while waiting. A late answer to an older question is dropped. After the connection was lost it is asked
 * again, and what is there stays until the answer comes.
 */
export function useAnswer<N extends OperationName>(name: N, params: Params<N>): Answer<Result<N>> | null {
  const key = JSON.stringify(params)
  const count = useStore(retries, (state) => state.count)
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: Answer<Result<N>> } | null>(null)
  useEffect(() => {
    let wanted = true
    void client.call(name, params).then((next) => {
      if (!wanted) return
      // An answer that is there is better than the news that nobody answers now; the banner says that.
      setAnswer((old) =>
        old?.key === key && old.answer.ok && !next.ok && next.error.code === 'HOST_LOST' ? old : { key, answer: next }
      )
    })
    return () => {
      wanted = false
    }
  }, [name, key, count])
  return answer?.key === key ? answer.answer : null
}
