import { useEffect, useState } from 'react'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { baseOf, labelOf, textOf } from '../../components/param-form/param-options.ts'
import { graphIn, keysOf, nodeInfo } from '../../stores/editor-model.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import { useEditorState } from './editor-context.ts'

/** Hash paths that match nothing in the chosen data, as the trigger would hand it on. */
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

interface Place {
  readonly info: NodeInfo
  readonly path: string
  /** The selector in whose items the path is read. */
  readonly base?: string
  readonly label: string
}

/** MISP cuts a trailing `.{n}` off and looks at each item, whether it is there or not (WorkflowBaseModule). */
const eachOf = (selector: string): string => `${selector.replace(/\.\{n\}$/, '')}.{n}`

/** Hash paths of the parameters and of the node filter. A template in a path is only known when the workflow runs. */
function placesOf(info: NodeInfo): Place[] {
  const { definition, params, filters } = info
  if (!definition) return []
  const own = definition.params
    .filter((param) => param.type === 'hashpath' || param._isHashPath === true)
    .map((param): Place => ({
      ...{ info, path: textOf(params[param.id]), label: labelOf(param) },
      ...baseOf(param, definition, params)
    }))
  const selector = textOf(filters.selector)
  const filter: Place[] = definition.support_filters
    ? [
        { info, path: selector, label: 'Node filter, element selector' },
        ...(selector === ''
          ? []
          : [{ info, path: textOf(filters.path), base: eachOf(selector), label: 'Node filter, path' }])
      ]
    : []
  return [...own, ...filter].filter(({ path }) => path !== '' && !path.includes('{{'))
}

async function pathProblems(document: Parameters<typeof graphIn>[0], dataId: string): Promise<WorkflowProblem[]> {
  const graph = graphIn(document)
  const infos = keysOf(graph).flatMap((key) => nodeInfo(graph, key) ?? [])
  const trigger = infos.find(({ moduleType }) => moduleType === 'trigger')
  const places = infos.flatMap(placesOf)
  const data = trigger?.definition ? { dataId, trigger: trigger.moduleId } : { dataId }
  const answers = await Promise.all(
    places.map(({ path, base }) =>
      client.call('hash.look', { data, path, limit: 1, ...(base === undefined ? {} : { base }) })
    )
  )
  return places.flatMap(({ info, path, base, label }, i) => {
    const answer = answers[i]
    // A selector without items is a problem of its own, or of data that has none.
    if (!answer?.ok || answer.data.extract.total > 0 || answer.data.items === 0) return []
    const where = base === undefined ? 'the chosen data' : `the items of \`${base}\` in the chosen data`
    const [nearest] = answer.data.keysThere
    const hint = nearest === undefined ? '' : ` The nearest key there is ${nearest}.`
    return [
      {
        severity: 'warning' as const,
        code: 'PATH_NO_MATCH',
        message: `Node ${info.nodeId} (${info.title}): ${label} \`${path}\` matches nothing in ${where}.${hint}`,
        nodeIds: [info.nodeId],
        edges: []
      }
    ]
  })
}
