import { useEffect, useState } from 'react'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { graphIn, keysOf, nodeInfo } from '../../stores/editor-model.ts'
import { useEditorState } from './editor-context.ts'

/** Hash paths that match nothing in the chosen data, as the trigger would hand it on. Paths into single items are left to the bench. */
export function usePathProblems(): readonly WorkflowProblem[] {
  const document = useEditorState((state) => state.document)
  const dataId = useEditorState((state) => state.dataId)
  const [found, setFound] = useState<readonly WorkflowProblem[]>([])
  useEffect(() => {
    if (!dataId) return setFound([])
    let wanted = true
    const timer = setTimeout(() => {
      void pathProblems(document, dataId).then((next) => wanted && setFound(next))
    }, 400)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [document, dataId])
  return found
}

async function pathProblems(document: Parameters<typeof graphIn>[0], dataId: string): Promise<WorkflowProblem[]> {
  const graph = graphIn(document)
  const infos = keysOf(graph).flatMap((key) => nodeInfo(graph, key) ?? [])
  const trigger = infos.find(({ moduleType }) => moduleType === 'trigger')
  const places = infos.flatMap((info) =>
    (info.definition?.params ?? [])
      .filter(
        ({ type, hashpath }) =>
          type === 'hashpath' && !(hashpath as { is_sub_selector?: boolean } | undefined)?.is_sub_selector
      )
      .flatMap(({ id, label }) => {
        const path = info.params[id]
        return typeof path === 'string' && path !== '' && path.startsWith('Event')
          ? [{ info, path, label: typeof label === 'string' ? label : id }]
          : []
      })
  )
  const data = trigger?.definition ? { dataId, trigger: trigger.moduleId } : { dataId }
  const answers = await Promise.all(places.map(({ path }) => client.call('hash.extract', { data, path, limit: 1 })))
  return places.flatMap(({ info, path, label }, i) => {
    const answer = answers[i]
    if (!answer?.ok || answer.data.total > 0) return []
    return [
      {
        severity: 'warning' as const,
        code: 'PATH_NO_MATCH',
        message: `Node ${info.nodeId} (${info.title}): ${label} \`${path}\` matches nothing in the chosen data.`,
        nodeIds: [info.nodeId],
        edges: []
      }
    ]
  })
}
