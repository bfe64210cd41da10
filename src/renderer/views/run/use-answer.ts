import { useEffect, useState } from 'react'
import type { OperationName, Params, Result } from '../../../contract/operations.ts'
import type { Answer } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'

/** Asks once per set of parameters; null while waiting. A late answer to an older question is dropped. */
export function useAnswer<N extends OperationName>(name: N, params: Params<N>): Answer<Result<N>> | null {
  const key = JSON.stringify(params)
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: Answer<Result<N>> } | null>(null)
  useEffect(() => {
    let wanted = true
    void client.call(name, params).then((next) => wanted && setAnswer({ key, answer: next }))
    return () => {
      wanted = false
    }
  }, [name, key])
  return answer?.key === key ? answer.answer : null
}
