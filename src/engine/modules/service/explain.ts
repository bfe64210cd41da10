// The sentence of an action module of a misp-modules service.
import { plainText } from '../../../contract/json.ts'
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { listed, say, sentences, theirs, theirsCoded } from '../../../contract/sentence.ts'
import { explains } from '../describe/node-words.ts'

export const explainServiceModule = (definition: ModuleDefinition): Explain =>
  explains(definition, (node) => {
    const set = definition.params
      .filter(({ id }) => !node.isBlank(id))
      .map(({ id, label }) => say`${theirs(plainText(label ?? id))} ${node.the(id)}`)
    const items = definition.support_filters && node.hasFilter && say` and, separately, ${node.filtered}`
    const params = set.length > 0 ? listed(set, 'and') : 'no parameters set'
    return sentences(
      say`Sends the whole roaming data${items} to the action module ${theirsCoded(definition.name)} of misp-modules, with ${params}.`,
      say`Fails only if the response contains an error: a service that is down or returns nothing counts as success.`
    )
  })
