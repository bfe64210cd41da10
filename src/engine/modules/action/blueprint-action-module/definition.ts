import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'blueprint-action-module',
  name: 'Blueprint action module',
  description: 'Lorem ipsum dolor, sit amet consectetur adipisicing elit.',
  icon: 'shapes',
  inputs: 1,
  outputs: 1,
  is_custom: true
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = () =>
  say`MISP’s example of a custom action module: always fails with \`Execution stopped\`.`
