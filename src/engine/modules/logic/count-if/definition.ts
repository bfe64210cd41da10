import { say, never, always, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { hasWildcard, besideEvent, missingWildcard, isNumberText } from '../../describe/say-conditions.ts'
import { defineLogic } from '../../define.ts'
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

const words = {
  equals: 'exactly',
  not_equals: 'any number but',
  greater: 'more than',
  greater_equals: 'at least',
  less: 'fewer than',
  less_equals: 'at most'
} as const
const isOperator = (operator: string): operator is keyof typeof words => Object.hasOwn(words, operator)

/** PHP compares a number with a text that is none as two texts: does any number of digits compare so? Null: it depends. */
function againstText(operator: string, text: string): boolean | null {
  if (operator === 'equals') return false
  if (operator === 'not_equals') return true
  if (/^[0-9]/.test(text)) return null
  return operator.startsWith(text < '0' ? 'greater' : 'less')
}

export const explain = explains(definition, (node) => {
  const [selector, operator, value] = [node.text('selector'), node.text('operator'), node.text('value')]
  const the = node.the('value')
  if (!isOperator(operator)) return never`Never true: ${node.the('operator')} is not a comparison MISP knows.`
  if (!isNumberText(value)) {
    const holds = againstText(operator, value)
    const problem = value === '' ? node.by('value', 'no Value is set') : say`${the} is not a number`
    if (holds === null) return say`Compares the count with ${the} as texts, character by character: ${problem}.`
    return holds
      ? always`Always true, whatever is counted: ${problem}.`
      : never`Never true, whatever is counted: ${problem}.`
  }
  const amount = say`${node.by('operator', words[operator])} ${node.bare('value')}`
  if (selector === '') return say`Counts the top-level entries of the data (no selector is set); true for ${amount}.`
  const beside = node.input.data && besideEvent(selector, node.input.data)
  if (beside) return doesNothing`Counts nothing, so always 0: ${beside}. True for ${amount}.`
  const missing = missingWildcard(selector, node.input.data)
  if (missing)
    return doesNothing`Counts nothing, so always 0: ${missing.list} is a list and ${node.the('selector')} does not say which items; ${missing.better} would. True for ${amount}.`
  const single =
    !hasWildcard(selector) && ' Without {n} a single value counts as 1, even an empty one, and a list as its length.'
  return say`True when ${node.the('selector')} finds ${amount}.${single}`
})
