import { say, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
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

export const explain = explains(definition, (node) => {
  const what =
    node.text('data_extraction_path') === ''
      ? 'the whole roaming data'
      : say`what ${node.the('data_extraction_path')} finds in the roaming data (an empty list when nothing)`
  return say`Publishes ${what} on ZMQ, topic \`misp_json_workflow\`, also when ${mispSetting('Plugin.ZeroMQ_enable')} is off.`
})
