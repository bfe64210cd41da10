import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'stop-execution',
  name: 'Stop execution',
  version: '0.2',
  description: 'Essentially stops the execution for blocking workflows. Do nothing for non-blocking ones',
  icon: 'ban',
  inputs: 1,
  blocking: true,
  params: [
    {
      id: 'message',
      label: 'Stop message',
      type: 'input',
      default: 'Execution stopped',
      placeholder: 'Execution stopped',
      jinja_supported: true
    }
  ]
})

export const explain: Explain = () => definition.description
