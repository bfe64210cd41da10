// Why a trigger did not run its workflow: everything between the save in MISP and the first node, in the order in which MISP asks
// (AppModel::executeTrigger, Workflow::executeWorkflowForTriggerRouter), then what keeps its modules from doing their work.
import type { WhyNotCheck, WhyNotReport, WhyNotState } from '../../../contract/authoring.ts'
import type { Json } from '../../../contract/json.ts'
import { isAdHocId } from '../../modules/ad-hoc/definition.ts'
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
    ...(isAdHocId(question.trigger) ? [] : dataChecks(question, definition)),
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

/** It may have run, and nobody saw it. Or somebody was to see it, and was not there. */
function debugCheck(question: WhyNotQuestion): WhyNotCheck {
  const { workflow, settings } = question
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
  const hazard = unheard(question)
  if (typeof url !== 'string')
    return check(
      'debug',
      title,
      'unknown',
      say`Debug mode is on. MISP posts to the debug URL in its settings. ${hazard}`,
      'the listener’s address',
      where
    )
  const target = claiming(url, { kind: 'misp', name: 'Plugin.Workflow_debug_url', value: url })
  return check('debug', title, 'note', say`Debug mode is on; MISP posts to ${target}. ${hazard}`, null, where)
}

/** Workflow::sendRequestToDebugEndpoint posts through HttpSocket, and nothing around it catches what that throws. */
function unheard(question: WhyNotQuestion): Sentence {
  const blocking = tableOf(question).find('trigger', question.trigger)?.blocking === true
  return say`While nobody listens there, MISP throws a SocketException at its first post: the workflow breaks off, and with it fails ${blocking ? 'what fired the trigger (a publish, a save, a query)' : 'the job (or, without background jobs, the request) that runs it'}. Switch debug mode off in MISP before Retrace is closed, or let retrace listen stand in for it.`
}
