// Values of a step with their secrets hidden: its parameters, and those in its debug post.
import type { Json, JsonMap } from '../../contract/json.ts'
import { isSecretParam } from '../../contract/modules.ts'
import type { StepValue } from '../../contract/operations.ts'
import { maskParam, maskParamMap } from '../../contract/secrets.ts'

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

/** `params` and `post` hold secrets; every other value is the roaming data, which stays as it is. */
export function maskStepValue(which: StepValue, value: Json | undefined): Json | undefined {
  if (!isMap(value)) return value
  if (which === 'params') return maskParamMap(value)
  return which === 'post' ? at(value, 'body', postBody) : value
}
