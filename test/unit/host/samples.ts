// Small workflows and events for tests of the host.
import type { Json, JsonMap } from '../../../src/contract/json.ts'

interface NodeSpec {
  readonly type: 'trigger' | 'logic' | 'action'
  readonly module: string
  readonly params?: JsonMap
  readonly to?: Readonly<Record<string, readonly number[]>>
}

/** A workflow as MISP exports it. */
export function workflowOf(nodes: Readonly<Record<number, NodeSpec>>, name = 'sample'): JsonMap {
  const entries = Object.entries(nodes).map(([key, { type, module, params, to }]) => {
    const outputs = Object.entries(to ?? {}).map(([output, targets]) => [
      output,
      { connections: targets.map((node) => ({ node: String(node), output: 'input_1' })) }
    ])
    const inputs = Object.entries(nodes).flatMap(([from, other]) =>
      Object.entries(other.to ?? {}).flatMap(([output, targets]) =>
        targets.filter((target) => String(target) === key).map(() => ({ node: from, input: output }))
      )
    )
    return [
      key,
      {
        id: Number(key),
        name: module,
        data: { id: module, name: module, module_type: type, indexed_params: params ?? [], saved_filters: [] },
        class: 'block',
        inputs: type === 'trigger' ? [] : { input_1: { connections: inputs } },
        outputs: outputs.length > 0 ? Object.fromEntries(outputs) : []
      }
    ]
  })
  const trigger = Object.values(nodes).find(({ type }) => type === 'trigger')
  const row = { id: '1', name, trigger_id: trigger?.module ?? '', debug_enabled: true, counter: '0' }
  return { Workflow: { ...row, data: { ...Object.fromEntries(entries), _frames: [] } as Json } }
}

/** tag-if on tlp:red: blocked when the event has it. */
export const guard = workflowOf(
  {
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: {
      type: 'logic',
      module: 'tag-if',
      params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] },
      to: { output_1: [3], output_2: [4] }
    },
    3: { type: 'action', module: 'stop-execution', params: { message: 'too red' } },
    4: { type: 'action', module: 'push-zmq', params: { data_extraction_path: 'Event.info' }, to: { output_1: [] } }
  },
  'guard'
)

/** A published event gets the tag, then one of the actions that reach out. */
export const tagThen = (tag: string, module: string, params: JsonMap): JsonMap =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: {
      type: 'action',
      module: 'tag_operation',
      params: { scope: 'event', action: 'add', locality: 'local', tags: [tag] },
      to: { output_1: [3] }
    },
    3: { type: 'action', module, params }
  })

export function eventOf(attributes: number, tags: readonly string[] = []): JsonMap {
  return {
    Event: {
      id: '7',
      uuid: '6a2f4c1e-5b1d-4c53-9f0e-0d1c2b3a4f5e',
      info: 'sample event',
      published: false,
      distribution: '1',
      threat_level_id: '2',
      orgc_id: '1',
      org_id: '1',
      Attribute: Array.from({ length: attributes }, (_, i) => ({
        id: String(i + 1),
        type: 'ip-dst',
        category: 'Network activity',
        value: `198.51.${(i >> 8) & 255}.${i & 255}`,
        to_ids: true,
        uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        comment: 'a comment that makes the attribute about as long as real ones are in practice',
        object_id: '0',
        Tag: []
      })),
      Tag: tags.map((name, i) => ({ id: String(i + 1), name, colour: '#ff0000', exportable: true }))
    }
  }
}
