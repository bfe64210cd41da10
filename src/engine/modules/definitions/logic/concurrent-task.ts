import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

export const definition = defineLogic({
  id: 'concurrent-task',
  name: 'Concurrent Task',
  description:
    'Allow breaking the execution process and running concurrent tasks. You can connect multiple nodes the `concurrent` output.',
  icon: 'random',
  outputs: 1,
  multiple_output_connection: true,
  extra: { html_template: 'concurrent' }
})

export const explain: Explain = () => definition.description
