import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { hasTemplate, isBlank, quote, valueOf } from '../../describe/say.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

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

export const facts: ActionFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = (input) => {
  const message = valueOf(input, definition, 'message')
  const text = isBlank(message) ? 'Execution stopped' : message
  const rendered = hasTemplate(text) ? ', rendered as a template,' : ''
  return `Stops the workflow here with the message ${quote(text)}${rendered} and blocks the operation that fired the workflow if its trigger is blocking; after a concurrent task or with a non-blocking trigger it only stops the rest of that path.`
}

export const versions = {
  '2.4.177': {
    definition: { ...definition, version: '0.1', params: [] },
    explain: (() => explain({ params: {} })) satisfies Explain
  }
}
