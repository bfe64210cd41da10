// Why a trigger did not run its workflow: everything between the save in MISP and the first node, in the order in which MISP asks
// (AppModel::executeTrigger, Workflow::executeWorkflowForTriggerRouter), then what keeps its modules from doing their work.
import type { WhyNotCheck, WhyNotReport, WhyNotState } from '../../../contract/authoring.ts'
import type { Json } from '../../../contract/json.ts'
import { isEmpty } from '../../php/values.ts'
import { dataChecks } from './data.ts'
import { gates } from './gates.ts'
import { moduleChecks } from './modules.ts'
import { check, lookUp, pluginMenu, profileOf, tableOf } from './words.ts'
import type { WhyNotQuestion } from './words.ts'
import { claiming, counting, say, theirs } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'

export function whyNotRun(question: WhyNotQuestion): WhyNotReport {
  const definition = tableOf(question).find('trigger', question.trigger)
  if (!definition) {
    const unknown = check(
      'trigger',
      'The trigger exists',
      'problem',
      say`MISP ${theirs(profileOf(question))} has no trigger ${theirs(`“${question.trigger}”`)}.`
    )
    return { checks: [unknown], summary: unknown.text, claims: unknown.claims }
  }
  const checks = [
    ...gates(question, definition),
    ...dataChecks(question, definition),
    ...(question.workflow ? moduleChecks(question.workflow, question.settings, tableOf(question)) : []),
    ...(question.workflow ? [debugCheck(question)] : [])
  ]
  const { text: summary, claims } = summarise(checks)
  return { checks, summary, claims }
}

function summarise(checks: readonly WhyNotCheck[]): Sentence {
  const of = (state: WhyNotState, one: string) =>
    counting(checks.filter((check) => check.state === state).length, { in: 'checks', state }, one)
  if (checks.some(({ state }) => state === 'problem')) return say`${of('problem', 'problem')} found.`
  return checks.some(({ state }) => state === 'unknown')
    ? say`No known obstacle; check ${of('unknown', 'setting')} in MISP.`
    : say`No known obstacle.`
}

/** It may have run, and nobody saw it. */
function debugCheck({ workflow, settings }: WhyNotQuestion): WhyNotCheck {
  const debug = !isEmpty(workflow?.['debug_enabled'] as Json)
  const url = settings['Plugin.Workflow_debug_url']
  const where = lookUp(
    'the bug button of the workflow editor; ' + pluginMenu,
    'Plugin.Workflow_debug_url',
    'cake Admin getSetting Plugin.Workflow_debug_url'
  )
  const title = 'Its runs are posted to Retrace'
  if (!debug)
    return check(
      'debug',
      title,
      'note',
      say`Debug mode is off in the saved workflow: it may run without Retrace receiving anything.`,
      null,
      where
    )
  return typeof url === 'string'
    ? check(
        'debug',
        title,
        'ok',
        say`Debug mode is on; MISP posts to ${claiming(url, { kind: 'misp', name: 'Plugin.Workflow_debug_url', value: url })}.`,
        null,
        where
      )
    : check(
        'debug',
        title,
        'unknown',
        say`Debug mode is on. MISP posts to the debug URL in its settings.`,
        'the listener’s address',
        where
      )
}
