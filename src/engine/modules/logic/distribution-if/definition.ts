import type { Json } from '../../../../contract/json.ts'
import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineLogic } from '../../define.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import { isBlank, listOf, optionLabel, quote, quoteAll, valueOf } from '../../describe/say.ts'
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

type GroupCondition = (condition: string, groups: readonly Json[]) => string

const groupCondition: GroupCondition = (condition, groups) => {
  const some = groups.length > 0
  if (condition === 'equals')
    return some
      ? `True when it is limited to sharing group ${quoteAll(groups, 'or')}`
      : 'True when it is limited to any sharing group'
  if (condition === 'not_equals')
    return some
      ? `True when it is not limited to sharing group ${quoteAll(groups, 'or')}`
      : 'True when it is not limited to a sharing group'
  return `Never true: ${quote(condition)} cannot be used with sharing groups`
}

const levels = (condition: string, level: string): string => {
  switch (condition) {
    case 'equals':
      return `True when it is ${level}`
    case 'not_equals':
      return `True when it is not ${level}`
    case 'more_restrictive_or_equal_than':
      return `True when it is ${level} or reaches fewer; a sharing group never matches`
    case 'more_permisive_or_equal_than':
      return `True when it is ${level} or reaches more; a sharing group never matches`
    default:
      return `Never true: ${quote(condition)} is not a condition MISP knows`
  }
}

const groupConditionAnew: GroupCondition = (condition, groups) => {
  if (groups.length > 0 || !/^(not_)?equals$/.test(condition)) return groupCondition(condition, groups)
  return condition === 'equals'
    ? 'True when it is limited to a sharing group that is missing, which does not happen'
    : 'True when it is limited to any sharing group, although none is chosen'
}

const attributeTrapAnew = 'Only the first attribute of the event is looked at; without attributes it is false.'

const explainWith =
  (groupText: GroupCondition, attributeText: string): Explain =>
  (input) => {
    const [scope, condition, distribution, groups] = ['scope', 'condition', 'distribution', 'sharing_group_id'].map(
      (id) => valueOf(input, definition, id)
    )
    const isGroup = String(distribution) === '4'
    const level = `${quote(optionLabel(definition, 'distribution', distribution ?? ''))} (${String(distribution)})`
    const chosen = isBlank(groups ?? '') ? [] : typeof groups === 'object' ? listOf(groups ?? []) : [groups ?? '']
    const subject =
      scope === 'attribute'
        ? "the attribute's distribution, limited by its object and event"
        : "the event's distribution"
    const text = isGroup ? groupText(String(condition), chosen) : levels(String(condition), level)
    const trap = scope === 'attribute' || isGroup ? ` ${attributeText}` : ''
    return `Reads ${subject}. ${text}.${trap}`
  }

export const explain = explainWith(groupCondition, attributeTrap)

const groupConditionOld: GroupCondition = (condition, groups) => {
  if (groups.length > 0) return groupCondition(condition, groups)
  if (condition === 'equals') return 'True when it is limited to no sharing group: none is chosen'
  return condition === 'not_equals' ? 'Always true: no sharing group is chosen' : groupCondition(condition, groups)
}

export const versions = {
  '2.5.19': { explain: explainWith(groupConditionAnew, attributeTrapAnew) },
  '2.4.177': {
    definition: { ...definition, version: '0.2' },
    explain: explainWith(groupConditionOld, `${attributeTrap} Its sharing group counts whatever the scope is.`)
  }
}
