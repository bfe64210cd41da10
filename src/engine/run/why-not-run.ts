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
import { plural } from '../../contract/words.ts'

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
  if (problems > 0) return problems === 1 ? '1 problem found.' : `${plural(problems, 'problem')} found.`
  return unknown > 0 ? `No known obstacle; check ${plural(unknown, 'setting')} in MISP.` : 'No known obstacle.'
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
      'Debug mode is off in the saved workflow: it may run without Retrace receiving anything.',
      null,
      where
    )
  return typeof url === 'string'
    ? check('debug', title, 'ok', `Debug mode is on; MISP posts to ${url}.`, null, where)
    : check(
        'debug',
        title,
        'unknown',
        'Debug mode is on. MISP posts to the debug URL in its settings.',
        'the listener’s address',
        where
      )
}
