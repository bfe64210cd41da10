import { useEffect, useState } from 'react'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { useEditorState } from './editor-context.ts'
import { pathProblems } from './path-problems.ts'
import type { LookAt } from './path-problems.ts'

const lookAt: LookAt = async (params) => {
  const answer = await client.call('hash.look', params)
  return answer.ok ? answer.data : null
}

const none: readonly WorkflowProblem[] = []

/** Hash paths that match nothing in the chosen data, as the trigger would hand it on. */
export function usePathProblems(): readonly WorkflowProblem[] {
  const document = useEditorState((state) => state.document)
  const dataId = useEditorState((state) => state.dataId)
  const [found, setFound] = useState(none)
  useEffect(() => {
    if (!dataId) return setFound(none)
    let wanted = true
    const timer = setTimeout(() => {
      void pathProblems(document, dataId, lookAt).then((next) => wanted && setFound(next))
    }, 400)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [document, dataId])
  return found
}
