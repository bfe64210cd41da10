import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

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

export const explain: Explain = () => definition.description
