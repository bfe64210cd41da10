import { say, never, always } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { isNumberText } from '../../describe/say-conditions.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import { defineLogic } from '../../define.ts'
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

const words = {
  equals: 'is',
  not_equals: 'is not',
  greater_or_equal_than: 'is, or is higher than,',
  less_or_equal_than: 'is, or is lower than,'
} as const
const isCondition = (condition: string): condition is keyof typeof words => Object.hasOwn(words, condition)

/** The empty text sorts before every id and equals a missing level. */
function withoutLevel(condition: string, none: Sentence): Sentence {
  if (condition === 'less_or_equal_than') return always`Always true: ${none}.`
  if (condition === 'not_equals') return say`True when the event has any threat level: ${none} here.`
  return say`True only when the event has no threat level: ${none} here.`
}

export const explain = explains(definition, (node) => {
  const condition = node.text('condition')
  const level = node.text('threatlevel')
  if (!isCondition(condition)) return never`Never true: ${node.the('condition')} is not a condition MISP knows.`
  if (level === '') return withoutLevel(condition, node.by('threatlevel', 'no threat level is chosen'))
  if (!isNumberText(level)) {
    // Module_threat_level_if's default is the word `Low`, which is no id; digits sort before letters.
    const reason = say`the threat level is the text ${node.the('threatlevel')} and MISP compares it with ids (1 High to 4 Undefined); choose a level`
    return condition === 'not_equals' || condition === 'greater_or_equal_than'
      ? always`Always true: ${reason}.`
      : never`Never true: ${reason}.`
  }
  return say`True when the event’s threat level ${node.by('condition', words[condition])} ${node.option('threatlevel', true)} (id ${node.bare('threatlevel')}).${condition === 'less_or_equal_than' && ' Undefined counts as the lowest.'}`
})
