// The sentence of an action module of a misp-modules service.
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { maskParam } from '../../../contract/secrets.ts'
import { filterIsOn, filterPhrase, isBlank, quote, sentences, valueOf } from '../describe/say.ts'

export const explainServiceModule =
  (definition: ModuleDefinition): Explain =>
  (input) => {
    const set = definition.params
      .map((param) => [param, valueOf(input, definition, param.id)] as const)
      .filter(([, value]) => !isBlank(value))
      .map(([param, value]) => `${String(param.label ?? param.id)} ${quote(maskParam(param.id, value))}`)
    const items =
      definition.support_filters && filterIsOn(input) ? ` and, separately, the items${filterPhrase(input)}` : ''
    return sentences(
      `Sends the whole roaming data${items} to the action module ${quote(definition.name)} of misp-modules, with ${set.length > 0 ? set.join(', ') : 'no parameters set'}.`,
      'Fails only if the response contains an error: a service that is down or returns nothing counts as success.'
    )
  }
