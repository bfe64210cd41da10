import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

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

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  branches: 'none'
}

export const explain: Explain = () =>
  say`Queues one background job for each connected node and ends there: the branches run later, in a worker, each with its own copy of the data, so they cannot block the operation that fired the workflow. With debug mode on, MISP crashes that worker at the first node that runs.`
