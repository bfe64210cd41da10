import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'log-after-save',
  name: 'Log After Save',
  description: 'This trigger is called after a Log event has been saved in the database',
  icon: 'file',
  scope: 'log',
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time after Log event has been saved. This means that when a large quantity of Logs are being saved, the workflow will be run for as many time as there are log entries.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Log entries of the models Log and Workflow do not fire it, which prevents endless recursion.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a log entry was saved; the data is not in core format.`
