// Values of a step with their secrets hidden: its parameters, and those in its debug post.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isSecretParam } from '../../../contract/modules.ts'
import type { StepValue } from '../../../contract/operations.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { hideTexts, mask, maskParam, maskParamMap, secretsOfParams } from '../../../contract/secrets.ts'
import { withWorkflowGraph, workflowGraph } from '../../../engine/graph/document.ts'
import { isEmpty, isMap } from '../../../engine/php/values.ts'
import { maskRunEffect, secretsOfEffect } from '../effects/show.ts'

/** `map` with the value at `key`, where it has one, changed. */
const at = (map: JsonMap, key: string, change: (value: Json) => Json): JsonMap =>
  Object.hasOwn(map, key) ? { ...map, [key]: change(map[key] ?? null) } : map

const inMap =
  (change: (map: JsonMap) => JsonMap) =>
  (value: Json): Json =>
    isMap(value) ? change(value) : value

const inEach =
  (change: (value: Json) => Json) =>
  (value: Json): Json =>
    Array.isArray(value)
      ? value.map(change)
      : isMap(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))
        : value

/** A parameter of a node as MISP's editor saves it: {id, value, …}. */
const editorParam = inMap((param) =>
  typeof param['id'] === 'string' && isSecretParam(param['id'])
    ? at(param, 'value', (value) => maskParam(String(param['id']), value))
    : param
)

const node = inMap((item) =>
  at(
    item,
    'data',
    inMap((data) => at(at(data, 'indexed_params', inMap(maskParamMap)), 'params', inEach(editorParam)))
  )
)

const walkResult = inMap((data) => at(at(data, 'executed_nodes', inEach(node)), 'blocking_nodes', inEach(node)))

const postBody = inMap((body) =>
  at(
    at(
      body,
      'source',
      inMap((source) => at(source, 'parameters', inMap(maskParamMap)))
    ),
    'data',
    walkResult
  )
)

/** A workflow in whichever wrapping, with the secrets of its nodes hidden. */
export function maskWorkflow(workflow: Json): Json {
  const graph = workflowGraph(workflow) as Json
  return isEmpty(graph) ? workflow : withWorkflowGraph(workflow, inEach(node)(graph) as RawGraph)
}

/** What a node answered may repeat its parameters. */
export const maskErrors = (errors: Json, params: Json, effects: readonly RunEffect[] = []): Json =>
  hideTexts(errors, [
    ...(isMap(params) ? secretsOfParams(params) : []),
    ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
  ])

/** What a step asked with. */
interface Step {
  readonly params?: Json
  readonly effects?: readonly RunEffect[]
}

/** Every value but the roaming data may hold secrets; the data stays as it is. */
export function maskStepValue(which: StepValue, value: Json | undefined, step?: Step): Json | undefined {
  const { params = null, effects = [] } = step ?? {}
  if (value === undefined || value === null) return value
  if (which === 'errors') return maskErrors(value, params, effects)
  if (which === 'effects' && Array.isArray(value))
    return (value as unknown as readonly RunEffect[]).map(maskRunEffect) as unknown as Json
  if (!isMap(value)) return value
  if (which === 'params') return maskParamMap(value)
  return which === 'post' ? maskPostValue(value, effects) : value
}

/** A debug post as a value: `body` as MISP sends it. */
export function maskPostValue(post: JsonMap, effects: readonly RunEffect[] = []): JsonMap {
  const body = isMap(post['body']) ? post['body'] : {}
  const source = isMap(body['source']) ? body['source'] : {}
  const params = isMap(source['parameters']) ? source['parameters'] : {}
  const query = at(post, 'query', (text) => maskErrors(text, params, effects))
  const full = at(query, 'body', (value) =>
    at(postBody(value) as JsonMap, 'errors', (text) => maskErrors(text, params, effects))
  )
  return at(full, 'authorization', () => mask)
}
