import { plainText } from '../../../../contract/json.ts'
import { say, never, aborts } from '../../../../contract/sentence.ts'
import { explains, fixed } from '../../describe/node-words.ts'
import { listCondition, wantedTags } from '../../describe/say-conditions.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { Explain, ParamDefinition } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineLogic } from '../../define.ts'
import { tagTraps, traps as trapsOf } from '../../describe/traps.ts'
import { clusters, tags } from '../../describe/world-options.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'tag-if',
  name: 'IF :: Tag',
  version: '0.4',
  description:
    'Tag IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attribute', event_attribute: 'Inherited Attribute' },
      default: 'event'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'in_or',
      options: {
        in_or: 'Is tagged with any (OR)',
        in_and: 'Is tagged with all (AND)',
        not_in_or: 'Is not tagged with any (OR)',
        not_in_and: 'Is not tagged with all (AND)'
      }
    },
    { id: 'tags', label: 'Tags', type: 'picker', multiple: true, options: [], placeholder: 'Pick a tag' },
    {
      id: 'clusters',
      label: 'Galaxy Clusters',
      type: 'picker',
      multiple: true,
      options: [],
      placeholder: 'Pick a Galaxy Cluster'
    }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [
    { part: 'tags', what: 'tags', param: 'tags', columns: ['name'] },
    { part: 'tags', what: 'galaxy clusters', param: 'clusters', columns: ['name'], prefix: 'misp-galaxy:' }
  ],
  branches: 'condition'
}

export const traps = trapsOf(definition, tagTraps)

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  tags: tags(from),
  clusters: clusters(from)
})

type Places = { readonly [scope: string]: { readonly path: string; readonly whose: Sentence } }

const scopes: Places = {
  event: { path: 'Event.Tag.{n}.name', whose: say`the event itself` },
  attribute: {
    path: 'Event._AttributeFlattened.{n}.Tag.{n}.name',
    whose: say`any attribute, its own tags only`
  },
  event_attribute: {
    path: 'Event._AttributeFlattened.{n}._allTags.{n}.name',
    whose: say`any attribute, including inherited event tags`
  }
}

const explainWith = (places: Places): Explain =>
  explains(definition, (node) => {
    for (const id of ['tags', 'clusters'])
      if (!node.isBlank(id) && typeof node.value(id) !== 'object')
        return aborts`Aborts the run with a TypeError: ${node.the(id)} is a text, but MISP needs a list of tags.`
    const scope = node.text('scope')
    const { path, whose } = (Object.hasOwn(places, scope) ? places[scope] : undefined) ?? places.event!
    const condition = node.the('condition')
    if (!/^(in_or|in_and|not_in_or|not_in_and)$/.test(plainText(condition.value)))
      return never`Never true: ${condition} is not a condition MISP knows.`
    return say`${listCondition(condition, fixed(path), wantedTags(node))} Checks the tags of ${node.saying('scope', whose)}.`
  })

export const explain = explainWith(scopes)

const url = (kind: number) => ({ picker_options: { select_options_url: `/tags/fastIndex/${kind}.json` } })
const newParams = definition.params.map((param): ParamDefinition => {
  const { options: _options, ...rest } = param
  if (param.id === 'tags') return { ...rest, ...url(0) }
  if (param.id === 'clusters') return { ...rest, ...url(1) }
  if (param.id !== 'scope') return param
  const options = {
    event: 'Event',
    attribute: 'Any Attribute',
    event_attribute: 'Any Inherited Attribute',
    event_report: 'Event Report',
    inherited_report: 'Inherited Event Report'
  }
  return { ...rest, options }
})

export const versions = {
  '2.5.19': {
    definition: { ...definition, params: newParams },
    explain: explainWith({
      ...scopes,
      event_report: { path: 'Event.EventReport.{n}.Tag.{n}.name', whose: say`any event report, its own tags only` },
      inherited_report: {
        path: 'Event.EventReport.{n}._allTags.{n}.name',
        whose: say`any event report, those of the event included`
      }
    })
  }
}
