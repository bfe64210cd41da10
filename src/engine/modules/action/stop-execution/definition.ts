import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Explain, ModuleDefinition } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
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

const explainWith = (known: ModuleDefinition): Explain =>
  explains(known, (node) => {
    const text = node.isBlank('message') ? node.saying('message', say`\`Execution stopped\``) : node.the('message')
    const rendered = node.hasTemplate('message') && ', rendered as a template,'
    return say`Stops the workflow here with the message ${text}${node.whyEmpty('message')}${rendered} and blocks the operation that fired the workflow if its trigger is blocking; after a concurrent task or with a non-blocking trigger it only stops the rest of that path.`
  })

export const explain = explainWith(definition)

const oldDefinition = { ...definition, version: '0.1', params: [] }

export const versions = {
  '2.4.177': { definition: oldDefinition, explain: explainWith(oldDefinition) }
}
