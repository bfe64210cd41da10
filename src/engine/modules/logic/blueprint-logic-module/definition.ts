import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'blueprint-logic-module',
  name: 'Blueprint logic module',
  description: 'Lorem ipsum dolor, sit amet consectetur adipisicing elit.',
  icon: 'shapes',
  is_custom: true
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  branches: 'condition'
}

export const explain: Explain = () => say`MISP’s example of a custom logic module: always true.`
