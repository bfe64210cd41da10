// What the facts of a module say, in sentences.
import type { ModuleDefinition } from '../../src/contract/modules.ts'
import type { ActionFacts, LogicFacts, TriggerFacts } from '../../src/engine/modules/facts.ts'
import type { ModuleTable } from '../../src/engine/modules/table.ts'
import { and, code } from './markdown.ts'

/** Lines of a list; of each the part before the colon is the same for every module that has it. */
export function factsOf(modules: ModuleTable, definition: ModuleDefinition): string[] {
  const { id, module_type: type } = definition
  switch (type) {
    case 'trigger': {
      const facts = modules.facts('trigger', id)
      return facts ? triggerLines(definition, facts) : []
    }
    case 'logic': {
      const facts = modules.facts('logic', id)
      return facts ? logicLines(facts) : []
    }
    case 'action': {
      const facts = modules.facts('action', id)
      return facts ? actionLines(definition, facts) : []
    }
  }
}

const overheads = ['', 'low', 'medium', 'high']

function triggerLines(definition: ModuleDefinition, { refused, silent, withheld }: TriggerFacts): string[] {
  const fresh = refused?.but({ Event: { published: false } }, null)
  const published = refused?.but({ Event: { published: true } }, null)
  return [
    definition.blocking
      ? `Blocking: the workflow runs inside MISP’s operation, and can stop it. When it does: “${refused?.not ?? ''}”`
      : 'Not blocking: the workflow runs in a background job after the operation, and cannot stop it.',
    definition.misp_core_format
      ? 'Data: an event in MISP’s core format, with `_AttributeFlattened` and `_allTags` added.'
      : 'Data: what MISP passes, not in core format.',
    `Scope: ${code(definition.scope ?? '')}; overhead: ${overheads[definition.trigger_overhead ?? 1] ?? ''}.`,
    ...(fresh ? [`What MISP keeps and shows all the same: ${fresh}`] : []),
    ...(published && published !== fresh ? [`The same for an event that is published already: ${published}`] : []),
    ...(silent ? [`Not asked: ${silent}`] : []),
    ...(withheld
      ? [`${code(withheld.key)} is compared by its own parameter ${code(withheld.param)} and not handed on.`]
      : [])
  ]
}

const branches: { readonly [B in LogicFacts['branches']]: string } = {
  condition: 'Goes on by its first output where it is true, by its second where it is false.',
  always: 'Goes on by its first output, whatever it did.',
  none: 'Goes nowhere itself: each of its connections becomes a background job.'
}

const shared = ({ enabledByDefault, changesData, needs }: LogicFacts | ActionFacts): string[] => [
  enabledByDefault ? 'Enabled by MISP’s defaults.' : 'Not enabled by MISP’s defaults: somebody has to enable it.',
  changesData ? 'Changes the roaming data.' : 'Leaves the roaming data as it is.',
  ...needs.map(({ what, param }) => `Looks up ${what}, by ${code(param)}.`)
]

const logicLines = (facts: LogicFacts): string[] => [
  branches[facts.branches],
  ...shared(facts),
  ...(facts.formerId ? [`Was called ${code(facts.formerId)} before.`] : [])
]

function actionLines(definition: ModuleDefinition, facts: ActionFacts): string[] {
  const fired = [
    ...new Map([...facts.fires({}), ...facts.fires({ scope: 'attribute' })].map((one) => [one.trigger, one])).values()
  ]
  return [
    definition.blocking
      ? 'Blocking: when it does not succeed, the workflow stops there.'
      : 'Not blocking: when it does not succeed, a workflow of a blocking trigger runs on; in others the path behind it is left out.',
    ...shared(facts),
    definition.support_filters
      ? 'Takes a filter of the node, which says what it works on.'
      : 'Takes no filter of the node.',
    ...facts.sends.map(sent),
    ...(fired.length > 0 ? [`Can make MISP fire ${and(fired.map(firedLink))}.`] : []),
    ...(facts.adds.length > 0 ? [`Adds ${and(facts.adds.map(code))} to the data.`] : []),
    ...(facts.arbitraryUrls === 'obeyed'
      ? ['Sends nothing unless `Security.rest_client_enable_arbitrary_urls` is on.']
      : []),
    ...(facts.arbitraryUrls === 'shown'
      ? ['MISP’s editor warns of `Security.rest_client_enable_arbitrary_urls`, but the module sends whatever it says.']
      : []),
    ...(facts.json ?? []).map(
      ({ param, then, when }) =>
        `${code(param)} is decoded as JSON${when ? ` where ${code(when.param)} is ${code(when.value)}` : ''}; with other text ${then}.`
    ),
    ...Object.entries(facts.whenEmpty ?? {}).map(
      ([param, what]) => `When the template in ${code(param)} comes out empty, ${what}.`
    )
  ]
}

const firedLink = ({ trigger, needs }: ReturnType<ActionFacts['fires']>[number]): string =>
  `[${trigger}](${trigger}.md)${needs ? ' (where tag notifications go out over ZMQ or Kafka)' : ''}`

function sent(to: ActionFacts['sends'][number]): string {
  switch (to.to) {
    case 'url':
      return `Sends an HTTP request to ${code(to.param)}${to.methodParam ? `, by the method in ${code(to.methodParam)}` : ', by POST'}.`
    case 'origin':
      return `Sends an HTTP request to ${code(to.origin)}.`
    case 'topic':
      return `Publishes over ZMQ under ${code(to.topic)}.`
    case 'mail':
      return `Sends mails to ${code(to.param)}.`
    case 'service':
      return 'Asks the misp-modules service.'
  }
}
