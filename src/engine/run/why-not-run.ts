// Why a trigger did not run its workflow: everything between the save in MISP and the first node, in the order in which MISP asks
// (AppModel::executeTrigger, Workflow::executeWorkflowForTriggerRouter), then what keeps its modules from doing their work.
import type { WhyNotCheck, WhyNotReport, WhyNotState } from '../../contract/authoring.ts'
import type { Json } from '../../contract/json.ts'
import { isEmpty } from '../php/values.ts'
import { dataChecks } from './why-not-data.ts'
import { gates } from './why-not-gates.ts'
import { moduleChecks } from './why-not-modules.ts'
import { check, lookUp, pluginMenu, profileOf, tableOf } from './why-not-words.ts'
import type { WhyNotQuestion } from './why-not-words.ts'

export function whyNotRun(question: WhyNotQuestion): WhyNotReport {
  const definition = tableOf(question).find('trigger', question.trigger)
  if (!definition) {
    const unknown = check(
      'trigger',
      'The trigger exists',
      'problem',
      `MISP ${profileOf(question)} has no trigger “${question.trigger}”.`
    )
    return { checks: [unknown], summary: unknown.text }
  }
  const checks = [
    ...gates(question, definition),
    ...dataChecks(question, definition),
    ...(question.workflow ? moduleChecks(question.workflow, question.settings, tableOf(question)) : []),
    ...(question.workflow ? [debugCheck(question)] : [])
  ]
  return { checks, summary: summarise(checks) }
}

function summarise(checks: readonly WhyNotCheck[]): string {
  const of = (state: WhyNotState) => checks.filter((one) => one.state === state).length
  const problems = of('problem')
  const unknown = of('unknown')
  if (problems > 0)
    return problems === 1
      ? 'One thing keeps it from running as wanted.'
      : `${problems} things keep it from running as wanted.`
  return unknown > 0
    ? `Nothing that is known keeps it from running; ${unknown} to look up in MISP.`
    : 'Nothing keeps it from running.'
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
      'The saved workflow has debug mode off: it may run, and Retrace hears nothing of it.',
      null,
      where
    )
  return typeof url === 'string'
    ? check('debug', title, 'ok', `Debug mode is on; MISP posts to ${url}.`, null, where)
    : check(
        'debug',
        title,
        'unknown',
        'Debug mode is on. MISP posts to the debug URL of its settings.',
        'the listener’s address',
        where
      )
}
