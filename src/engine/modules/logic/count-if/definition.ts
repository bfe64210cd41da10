import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { hasWildcard, isNumberText, missingWildcard } from '../../describe/say-conditions.ts'
import { quote, valueOf } from '../../describe/say.ts'
import type { LogicFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineLogic({
  id: 'count-if',
  name: 'IF :: Count',
  description:
    'Count IF / ELSE condition block. It counts the amount of entry selected by the provided hashpath. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
    {
      id: 'selector',
      label: 'Data selector to count',
      type: 'hashpath',
      placeholder: 'Event.Tag.{n}.name',
      hashpath: { is_sub_selector: false }
    },
    {
      id: 'operator',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Equals to',
        not_equals: 'Not Equals to',
        greater: 'Greater than',
        greater_equals: 'Greater or equals than',
        less: 'Less than',
        less_equals: 'Less or equals than'
      }
    },
    { id: 'value', label: 'Value', type: 'input', placeholder: '50' }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  branches: 'condition'
}

const words: { readonly [operator: string]: string } = {
  equals: 'exactly',
  not_equals: 'any number but',
  greater: 'more than',
  greater_equals: 'at least',
  less: 'fewer than',
  less_equals: 'at most'
}
/** PHP compares a number with a text that is none as two texts: does any number of digits compare so? Null: it depends. */
function againstText(operator: string, text: string): boolean | null {
  if (operator === 'equals') return false
  if (operator === 'not_equals') return true
  if (/^[0-9]/.test(text)) return null
  return operator.startsWith(text < '0' ? 'greater' : 'less')
}

export const explain: Explain = (input) => {
  const selector = String(valueOf(input, definition, 'selector'))
  const operator = String(valueOf(input, definition, 'operator'))
  const value = String(valueOf(input, definition, 'value'))
  if (!Object.hasOwn(words, operator)) return `Never true: ${quote(operator)} is not a comparison MISP knows.`
  if (!isNumberText(value)) {
    const holds = againstText(operator, value)
    const problem = value === '' ? 'no Value is set' : `${quote(value)} is not a number`
    if (holds !== null) return `${holds ? 'Always' : 'Never'} true, whatever is counted: ${problem}.`
    return `Compares the count with ${quote(value)} as texts, character by character: ${problem}.`
  }
  if (selector === '')
    return `Counts the top-level entries of the data (no selector is set); true for ${words[operator]} ${value}.`
  const missing = missingWildcard(selector)
  if (missing)
    return `Counts nothing, so always 0: ${missing.list} is a list and ${quote(selector)} does not say which items; ${quote(missing.better)} would. True for ${words[operator]} ${value}.`
  const single = hasWildcard(selector)
    ? ''
    : ' Without {n} a single value counts as 1, even an empty one, and a list as its length.'
  return `True when ${quote(selector)} finds ${words[operator]} ${value}.${single}`
}
