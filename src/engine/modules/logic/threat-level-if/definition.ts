import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { isNumberText } from '../../describe/say-conditions.ts'
import { optionLabel, quote, valueOf } from '../../describe/say.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'threat-level-if',
  name: 'IF :: Threat Level',
  description:
    'Threat Level IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Is',
        not_equals: 'Is not',
        greater_or_equal_than: 'Greater or equal than',
        less_or_equal_than: 'Less or equal than'
      }
    },
    {
      id: 'threatlevel',
      label: 'Threat Level',
      type: 'select',
      default: 'Low',
      options: { 1: 'High', 2: 'Medium', 3: 'Low', 4: 'Undefined' },
      placeholder: 'Pick a threat level'
    }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  branches: 'condition'
}

const words: { readonly [condition: string]: string } = {
  equals: 'is',
  not_equals: 'is not',
  greater_or_equal_than: 'is, or is higher than,',
  less_or_equal_than: 'is, or is lower than,'
}

/** The empty text sorts before every id and equals a missing level. */
function withoutLevel(condition: string): string {
  if (condition === 'less_or_equal_than') return 'Always true: no threat level is chosen.'
  if (condition === 'not_equals') return 'True when the event has any threat level: none is chosen here.'
  return 'True only when the event has no threat level: none is chosen here.'
}

export const explain: Explain = (input) => {
  const condition = String(valueOf(input, definition, 'condition'))
  const level = String(valueOf(input, definition, 'threatlevel'))
  if (!Object.hasOwn(words, condition)) return `Never true: ${quote(condition)} is not a condition MISP knows.`
  if (level === '') return withoutLevel(condition)
  if (!isNumberText(level)) {
    // Module_threat_level_if's default is the word `Low`, which is no id; digits sort before letters.
    const holds = condition === 'not_equals' || condition === 'greater_or_equal_than'
    return `${holds ? 'Always' : 'Never'} true: the threat level is the text ${quote(level)} and MISP compares it with ids (1 High to 4 Undefined); choose a level.`
  }
  const name = optionLabel(definition, 'threatlevel', level)
  const undefinedToo = condition === 'less_or_equal_than' ? ' Undefined counts as the lowest.' : ''
  return `True when the event’s threat level ${words[condition]} ${name} (id ${level}).${undefinedToo}`
}
