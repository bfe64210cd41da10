// What stands between an ad-hoc workflow and its first node: nothing fires it, a person, run-workflow or the command line starts it
// (Workflow::executeWorkflow, AdHocTrigger::collectData).
import type { WhyNotCheck } from '../../../contract/authoring.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { say, shownValue, theirs } from '../../../contract/sentence.ts'
import { dataOf } from '../../graph/nodes.ts'
import { extractTrigger } from '../../graph/walk-helpers.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { jsonDecode } from '../../php/decode.ts'
import { phpString } from '../../php/cast.ts'
import { dig, isArray, isEmpty } from '../../php/values.ts'
import { check, lookUp, redisCheck, setting, workflowsEnabled } from './words.ts'
import type { WhyNotQuestion } from './words.ts'

const index = 'Administration › Workflows › Ad-Hoc'
const enabledInRedis = 'redis-cli SMEMBERS workflow:adhoc_workflow_enabled'
const nowhere = lookUp(null, null, null)

/** The gates before its workflow is looked at. */
export function adHocGates({ trigger, settings }: WhyNotQuestion): WhyNotCheck[] {
  return [
    workflowsEnabled(
      settings,
      say`Workflows are disabled: MISP shows none of their pages, so that nobody can start it there. An event’s page and the command line do not ask for this setting.`
    ),
    setting(settings, 'MISP.background_jobs', {
      id: 'background-jobs',
      title: 'Background jobs are on',
      menu: 'Administration › Server Settings & Maintenance › MISP',
      on: say`Background jobs are on.`,
      off: say`Background jobs are off: MISP shows no workflow pages, so that nobody can start it there.`,
      assumed: 'on'
    }),
    redisCheck(
      say`MISP stores in Redis which ad-hoc workflows are enabled. Without Redis, or after it was emptied, none is.`,
      enabledInRedis
    ),
    enabledCheck(trigger, settings)
  ]
}

function enabledCheck(trigger: string, settings: JsonMap): WhyNotCheck {
  const title = 'The workflow is enabled'
  const where = lookUp(`${index} (the switch of its row)`, null, enabledInRedis)
  const list = settings['enabled_adhoc']
  if (!Array.isArray(list))
    return check(
      'trigger-enabled',
      title,
      'unknown',
      say`This workspace does not say which ad-hoc workflows are enabled.`,
      'enabled',
      where
    )
  return (list as readonly Json[]).includes(trigger)
    ? check('trigger-enabled', title, 'ok', say`The workflow is enabled.`, null, where)
    : check(
        'trigger-enabled',
        title,
        'problem',
        say`The workflow is disabled: whoever starts it gets a TypeError, and an event’s page does not offer it.`,
        null,
        where
      )
}

/** How it is started, and whether that gives it anything to run on. */
export function adHocStart({ workflow, data }: WhyNotQuestion): WhyNotCheck[] {
  if (!workflow) return []
  const params = dataOf(extractTrigger(workflow.data), 'indexed_params') ?? null
  if (!isArray(params)) return []
  const scope = dig(params, 'scope')
  return [startCheck(scope), filtersCheck(dig(params, 'filters'), scope), ...collected(scope, data)]
}

function startCheck(scope: Json): WhyNotCheck {
  const title = 'Somebody starts it'
  const by = say`No trigger of MISP fires it: run-workflow, the command line (cake Workflow executeAdHocWorkflow) or`
  if (scope === 'passed_event_ids')
    return check(
      'start',
      title,
      'note',
      say`${by} a person starts it, on an event’s page or in the list of ad-hoc workflows.`,
      null,
      lookUp(index, null, null)
    )
  if (scope === 'events' || scope === 'passed_roaming_data')
    return check(
      'start',
      title,
      'note',
      say`${by} a person starts it, in the list of ad-hoc workflows; an event’s page offers only those with the scope “Passed Event IDs”.`,
      null,
      lookUp(index, null, null)
    )
  return check(
    'start',
    title,
    'problem',
    say`MISP knows no scope ${theirs(`“${shownValue(scope)}”`)}: it collects no data, and runs nothing.`,
    null,
    lookUp('the trigger node in the workflow editor', null, null)
  )
}

/** They are decoded whatever the scope is. */
function filtersCheck(filters: Json, scope: Json): WhyNotCheck {
  const title = 'Its search filters are JSON'
  const where = lookUp('the trigger node in the workflow editor', null, null)
  const wrong = (text: string): WhyNotCheck =>
    check('filters', title, 'problem', say`MISP ends before the first node: ${theirs(text)}`, null, where)
  try {
    const value = jsonDecode(phpString(filters))
    if (scope === 'events' && !isArray(value)) return wrong('the search filters are no JSON object.')
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return wrong(`the search filters are no JSON (${error.message}).`)
  }
  return scope === 'events'
    ? check(
        'filters',
        title,
        'unknown',
        say`They are. Which events they find depends on MISP’s database; where they find none, nothing runs.`,
        'they find an event',
        where
      )
    : check('filters', title, 'ok', say`They are; with this scope they are not used.`, null, where)
}

function collected(scope: Json, data: JsonMap | null): WhyNotCheck[] {
  if (scope !== 'passed_event_ids' || data === null) return []
  const title = 'What it is given names events'
  if (!isEmpty(dig(data, 'Event')))
    return [
      check(
        'data',
        title,
        'problem',
        say`It is given a whole event. With the scope “Passed Event IDs” it takes ids or uuids only (as in {"eventid": 1}): MISP answers “No data collected.” and runs nothing.`,
        null,
        nowhere
      )
    ]
  const names = ['eventid', 'uuid'].filter((name) => !isEmpty(dig(data, name)))
  return [
    names.length > 0
      ? check('data', title, 'ok', say`It is given ${theirs(names.join(' and '))}.`, null, nowhere)
      : check('data', title, 'note', say`It is given no ids: MISP runs it on every event that it finds.`, null, nowhere)
  ]
}
