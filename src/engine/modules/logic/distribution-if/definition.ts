import { say, never, always } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineLogic } from '../../define.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import { trap, traps as trapsOf } from '../../describe/traps.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'distribution-if',
  name: 'IF :: Distribution',
  version: '0.3',
  description:
    'Distribution IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { attribute: 'Final distribution of the Attribute', event: 'Distribution of the Event' },
      default: 'attribute'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Is',
        not_equals: 'Is not',
        more_restrictive_or_equal_than: 'More restrictive or equal than',
        more_permisive_or_equal_than: 'More permisive or equal than'
      }
    },
    distributionParam('event'),
    sharingGroupParam(true)
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [{ part: 'sharing_groups', what: 'sharing groups', param: 'sharing_group_id', columns: ['id'] }],
  branches: 'condition'
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

const attributeTrap =
  'Only the first attribute of the event is checked; without attributes MISP aborts with a TypeError.'

/** What is said of a comparison with sharing groups. */
type GroupWords = (node: NodeWords) => Sentence

const groupWords: GroupWords = (node) => {
  const [condition, some] = [node.text('condition'), node.list('sharing_group_id').length > 0]
  const groups = node.each('sharing_group_id', 'or')
  const any = node.by('sharing_group_id', 'any sharing group')
  if (condition === 'equals') return say`True when it is limited to ${some ? say`sharing group ${groups}` : any}`
  if (condition === 'not_equals')
    return some
      ? say`True when it is not limited to sharing group ${groups}`
      : say`True when it is not limited to ${node.by('sharing_group_id', 'a sharing group')}`
  return never`Never true: ${node.the('condition')} cannot be used with sharing groups`
}

function levels(node: NodeWords): Sentence {
  const level = say`${node.option('distribution')} (${node.bare('distribution')})`
  switch (node.text('condition')) {
    case 'equals':
      return say`True when it ${node.by('condition', 'is')} ${level}`
    case 'not_equals':
      return say`True when it ${node.by('condition', 'is not')} ${level}`
    case 'more_restrictive_or_equal_than':
      return say`True when it is ${level} or ${node.by('condition', 'reaches fewer')}; a sharing group never matches`
    case 'more_permisive_or_equal_than':
      return say`True when it is ${level} or ${node.by('condition', 'reaches more')}; a sharing group never matches`
    default:
      return never`Never true: ${node.the('condition')} is not a condition MISP knows`
  }
}

const groupWordsAnew: GroupWords = (node) => {
  const condition = node.text('condition')
  if (node.list('sharing_group_id').length > 0 || !/^(not_)?equals$/.test(condition)) return groupWords(node)
  const none = node.by('sharing_group_id', 'none is chosen')
  return condition === 'equals'
    ? say`True when it is limited to a sharing group that is missing, which does not happen: ${none}`
    : say`True when it is limited to any sharing group, although ${none}`
}

const attributeTrapAnew = 'Only the first attribute of the event is looked at; without attributes it is false.'

const explainWith = (
  ofGroups: GroupWords,
  trap: typeof attributeTrap | typeof attributeTrapAnew,
  more: '' | ' Its sharing group counts whatever the scope is.' = ''
): Explain =>
  explains(definition, (node) => {
    const onAttribute = node.text('scope') === 'attribute'
    const isGroup = node.text('distribution') === '4'
    const subject = onAttribute
      ? node.by('scope', 'the attribute’s distribution, limited by its object and event')
      : node.by('scope', 'the event’s distribution')
    const condition = isGroup ? ofGroups(node) : levels(node)
    return say`Reads ${subject}. ${condition}.${(onAttribute || isGroup) && say` ${trap}${more}`}`
  })

export const explain = explainWith(groupWords, attributeTrap)

export const traps = trapsOf(definition, (node) => {
  const reads = node.text('scope') === 'attribute' || node.text('distribution') === '4'
  return reads ? [trap('NEEDS_ATTRIBUTE', say`${attributeTrap}`)] : []
})

const groupWordsOld: GroupWords = (node) => {
  const condition = node.text('condition')
  if (node.list('sharing_group_id').length > 0 || !/^(not_)?equals$/.test(condition)) return groupWords(node)
  return condition === 'equals'
    ? say`True when it is limited to no sharing group: ${node.by('sharing_group_id', 'none is chosen')}`
    : always`Always true: ${node.by('sharing_group_id', 'no sharing group is chosen')}`
}

export const versions = {
  '2.5.19': { explain: explainWith(groupWordsAnew, attributeTrapAnew), traps: () => [] },
  '2.4.177': {
    definition: { ...definition, version: '0.2' },
    explain: explainWith(groupWordsOld, attributeTrap, ' Its sharing group counts whatever the scope is.')
  }
}
