import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'push-zmq',
  name: 'Push to ZMQ',
  version: '0.2',
  description: 'Push to the ZMQ channel',
  inputs: 1,
  outputs: 1,
  params: [
    {
      id: 'data_extraction_path',
      label: 'Data extraction path',
      type: 'hashpath',
      default: '',
      placeholder: 'Attribute.{n}.AttributeTag.{n}.Tag.name'
    }
  ],
  extra: { icon_path: 'zeromq.png' }
})

export const facts: ActionFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  sends: [{ to: 'topic', topic: 'misp_json_workflow' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = (input) => {
  const path = String(valueOf(input, definition, 'data_extraction_path'))
  const what =
    path === ''
      ? 'the whole roaming data'
      : `what ${quote(path)} finds in the roaming data (an empty list when nothing)`
  return `Publishes ${what} on ZMQ, topic \`misp_json_workflow\`, also when \`Plugin.ZeroMQ_enable\` is off.`
}
