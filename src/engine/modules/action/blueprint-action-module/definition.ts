import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'

export const definition = defineAction({
  id: 'blueprint-action-module',
  name: 'Blueprint action module',
  description: 'Lorem ipsum dolor, sit amet consectetur adipisicing elit.',
  icon: 'shapes',
  inputs: 1,
  outputs: 1,
  is_custom: true
})

export const explain: Explain = () => "MISP's example of a custom action module: always fails with `Execution stopped`."
