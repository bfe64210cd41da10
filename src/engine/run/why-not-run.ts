// Why a trigger did not run its workflow: everything between the save in MISP and the first node, in the order in which MISP 2.5.1 asks
// (AppModel::executeTrigger, Workflow::executeWorkflowForTriggerRouter), then what keeps its modules from doing their work.
import type { WhyNotCheck, WhyNotReport, WhyNotState } from '../../contract/authoring.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { connectionsOf, dataOf, isEmpty } from '../graph/nodes.ts'
import { extractTrigger } from '../graph/walk-helpers.ts'
import { normalizeData } from '../modules/impls/trigger-exec.ts'
import { findBuiltIn } from '../modules/table.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { dig } from '../php/values.ts'
import { createWorld } from '../world/create.ts'
import { exceedsAsJson } from './job-data.ts'
import { moduleChecks } from './why-not-modules.ts'
import { check, lookUp, setting } from './why-not-words.ts'

export interface WhyNotQuestion {
  readonly trigger: string
  /** What MISP hands to the trigger; null when no data was chosen. */
  readonly data: JsonMap | null
  /** The trigger's workflow; null when there is none. */
  readonly workflow: RawWorkflow | null
  /** MISP settings by name, `enabled_triggers`, `enabled_modules`. What is not named is not known. */
  readonly settings: JsonMap
}

/** Linux starts no program with a longer argument (MAX_ARG_STRLEN less the closing zero). */
export const jobArgumentLimit = 131_071

export function whyNotRun(question: WhyNotQuestion): WhyNotReport {
  const definition = findBuiltIn('trigger', question.trigger)
  if (!definition) {
    const unknown = check(
      'trigger',
      'The trigger exists',
      'problem',
      `MISP 2.5.1 has no trigger “${question.trigger}”.`
    )
    return { checks: [unknown], summary: unknown.text }
  }
  const checks = [
    ...gates(question, definition),
    ...dataChecks(question, definition),
    ...(question.workflow ? moduleChecks(question.workflow, question.settings) : []),
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

const pluginMenu = 'Administration › Server Settings & Maintenance › Plugin › Workflow'

function gates({ trigger, workflow, settings }: WhyNotQuestion, definition: ModuleDefinition): WhyNotCheck[] {
  const blocking = definition.blocking
  return [
    setting(settings, 'Plugin.Workflow_enable', {
      id: 'workflow-enable',
      title: 'Workflows are switched on',
      menu: pluginMenu,
      on: 'Workflows are on.',
      off: 'Workflows are off: MISP asks no trigger at all.',
      assumed: 'on'
    }),
    setting(settings, 'MISP.background_jobs', {
      id: 'background-jobs',
      title: 'Background jobs are on',
      menu: 'Administration › Server Settings & Maintenance › MISP',
      on: 'Background jobs are on.',
      off: blocking
        ? 'Background jobs are off: MISP shows no workflow pages. This trigger is blocking and would still run inside the request.'
        : 'Background jobs are off: this trigger is not blocking, so its workflow waits in a queue that nobody works on.',
      assumed: 'on'
    }),
    check(
      'redis',
      'Redis can be reached',
      'unknown',
      'MISP keeps in Redis which workflow listens to which trigger. Without it, or after Redis was emptied, no trigger has a workflow, and nothing says so.',
      'Redis is up and knows this workflow',
      lookUp(
        'Administration › Server Settings & Maintenance › Diagnostics › Redis info',
        null,
        `redis-cli SMEMBERS workflow:workflow_list:${trigger} (after loss: save the workflow again, or open /workflows/rebuildRedis)`
      )
    ),
    ...(blocking ? [] : [workersCheck()]),
    triggerCheck(trigger, settings),
    workflowCheck(trigger, workflow),
    ...(trigger === 'tag-attached-after-save' ? [tagNotifications(settings)] : []),
    ...exceptions(trigger)
  ]
}

const workersCheck = (): WhyNotCheck =>
  check(
    'workers',
    'Workers of the prio queue are running',
    'unknown',
    'The trigger is not blocking: its workflow runs as a job of the prio queue. With no worker there, jobs pile up.',
    'a worker takes the job at once',
    lookUp(
      'Administration › Server Settings & Maintenance › Workers; Administration › Jobs (job type executeWorkflowForTrigger)',
      null,
      'supervisorctl status (SimpleBackgroundJobs), or cake CakeResque.CakeResque stats'
    )
  )

function triggerCheck(trigger: string, settings: JsonMap): WhyNotCheck {
  const name = `Plugin.Workflow_triggers_${trigger}`
  const list = settings['enabled_triggers']
  const enabled = Array.isArray(list)
    ? (list as readonly Json[]).includes(trigger)
    : Object.hasOwn(settings, name)
      ? !isEmpty(settings[name])
      : null
  return setting(enabled === null ? {} : { [name]: enabled }, name, {
    id: 'trigger-enabled',
    title: 'The trigger is enabled',
    menu: 'Administration › Workflows › List Triggers (the switch of its row)',
    on: 'The trigger is enabled.',
    off: 'The trigger is disabled: MISP does not even look for a workflow.',
    assumed: 'enabled'
  })
}

function workflowCheck(trigger: string, workflow: RawWorkflow | null): WhyNotCheck {
  const where = lookUp('Administration › Workflows › List Triggers (column Workflow ID)', null, null)
  if (!workflow)
    return check(
      'workflow',
      'The trigger has a workflow',
      'problem',
      'No workflow of this workspace starts with this trigger.',
      null,
      where
    )
  const node = extractTrigger(workflow.data)
  const id = dataOf(node, 'id')
  if (id !== trigger)
    return check(
      'workflow',
      'The trigger has a workflow',
      'problem',
      `The workflow starts with ${typeof id === 'string' ? `“${id}”` : 'no trigger'}: MISP ends with “Invalid start node”.`,
      null,
      where
    )
  if (connectionsOf(node).length === 0)
    return check(
      'workflow',
      'The trigger has a workflow',
      'problem',
      'There is one, but nothing is connected to its trigger: it starts and ends at once.',
      null,
      where
    )
  return check(
    'workflow',
    'The trigger has a workflow',
    'ok',
    'There is one, and nodes are connected to its trigger.',
    null,
    where
  )
}

/** EventTag::afterSave fires it only beside a ZMQ or Kafka message; AttributeTag::afterSave does not ask for those. */
function tagNotifications(settings: JsonMap): WhyNotCheck {
  const zmq = both(settings, 'Plugin.ZeroMQ_enable', 'Plugin.ZeroMQ_tag_notifications_enable')
  const kafka = both(settings, 'Plugin.Kafka_enable', 'Plugin.Kafka_tag_notifications_enable')
  const where = lookUp(
    'Administration › Server Settings & Maintenance › Plugin › ZeroMQ or Kafka',
    'Plugin.ZeroMQ_enable and Plugin.ZeroMQ_tag_notifications_enable, or Plugin.Kafka_enable, Plugin.Kafka_tag_notifications_enable and its topic',
    'cake Admin getSetting Plugin.ZeroMQ_tag_notifications_enable'
  )
  const title = 'ZMQ or Kafka notifications of tags are on'
  const why =
    'MISP 2.5.1 fires this trigger for tags on events only where it also sends a tag notification over ZMQ or Kafka. Tags on attributes do not need it.'
  if (zmq === true || kafka === true) return check('tag-notifications', title, 'ok', `They are on. ${why}`, null, where)
  if (zmq === false && kafka === false)
    return check('tag-notifications', title, 'problem', `Both are off. ${why}`, null, where)
  return check('tag-notifications', title, 'unknown', why, 'on', where)
}

/** null: nobody said. */
function both(settings: JsonMap, ...names: readonly string[]): boolean | null {
  if (names.some((name) => Object.hasOwn(settings, name) && isEmpty(settings[name]))) return false
  return names.every((name) => Object.hasOwn(settings, name)) ? true : null
}

/** Saves that MISP makes without asking the trigger. */
const silent: { readonly [trigger: string]: string } = {
  'attribute-after-save':
    'Attributes that are saved in fast mode (event edits that arrive by synchronisation with fast_update) do not fire it.',
  'event-after-save-new': 'Events that arrive by pull fire event-after-save-new-from-pull instead.',
  'event-after-save-new-from-pull':
    'Only events that are new here and came by pull fire it; edits of known events do not.',
  'shadow-attribute-after-save': 'Proposals that are saved as deleted (accepted or discarded) do not fire it.',
  'user-before-save': 'Logging in and out saves the user without firing it.',
  'user-after-save': 'Logging in and out saves the user without firing it.',
  'log-after-save': 'Log entries of the models Log and Workflow do not fire it, so that it does not fire itself.',
  'enrichment-before-query':
    'It is asked before a module of misp-modules is queried. Template rendering (jinja_template_rendering) is not asked.'
}

const exceptions = (trigger: string): WhyNotCheck[] =>
  Object.hasOwn(silent, trigger)
    ? [
        check(
          'exceptions',
          'The save is one that fires it',
          'note',
          silent[trigger] as string,
          null,
          lookUp(null, null, null)
        )
      ]
    : []

function dataChecks(question: WhyNotQuestion, definition: ModuleDefinition): WhyNotCheck[] {
  const { data } = question
  if (data === null) {
    const text =
      'Choose data to see whether the trigger can use it, whether its conditions hold and whether it fits into a job.'
    return [
      check('data', 'The data fits', 'unknown', text, 'an event that MISP can hand over', lookUp(null, null, null))
    ]
  }
  return [
    normalisation(question, data),
    ...(question.trigger === 'tag-attached-after-save' ? [tagCondition(question, data)] : []),
    ...(definition.blocking ? [] : [jobSize(data)])
  ]
}

function normalisation({ trigger }: WhyNotQuestion, data: JsonMap): WhyNotCheck {
  const title = 'The trigger can use the data'
  const where = lookUp('Administration › Logs › List Logs (model Workflow, with debug mode on)', null, null)
  try {
    if (normalizeData(trigger, data, createWorld({}, data)) !== false)
      return check(
        'normalise',
        title,
        'ok',
        'MISP can bring this data into the form that the workflow starts with.',
        null,
        where
      )
    return check(
      'normalise',
      title,
      'problem',
      'MISP answers “Error while normalizing data for trigger. Invalid input.” and runs nothing.',
      null,
      where
    )
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return check(
      'normalise',
      title,
      'problem',
      `MISP answers “Error while normalizing data for trigger” and runs nothing: ${error.message}`,
      null,
      where
    )
  }
}

/** Module_tag_attached_after_save::exec. */
function tagCondition({ workflow }: WhyNotQuestion, data: JsonMap): WhyNotCheck {
  const saved = workflow ? dataOf(extractTrigger(workflow.data), 'indexed_params') : undefined
  const of = (id: string, otherwise: string): string => {
    const value = dig(saved ?? null, id)
    return typeof value === 'string' && value !== '' ? value : otherwise
  }
  const [scope, locality, wanted] = [of('scope', 'event'), of('locality', 'local'), of('tag', '')]
  const tag = dig(data, 'Tag')
  const onAttribute = !isEmpty(dig(tag, 'attribute_id'))
  const local = !isEmpty(dig(tag, 'local'))
  const name = String(dig(tag, 'name') ?? '')
  const reasons = [
    ...(scope === 'attribute' && !onAttribute ? ['its scope is attributes, and the tag is on an event'] : []),
    ...(scope === 'event' && onAttribute ? ['its scope is events, and the tag is on an attribute'] : []),
    ...(locality === 'local' && !local ? ['it wants local tags, and the tag is global'] : []),
    ...(locality === 'global' && local ? ['it wants global tags, and the tag is local'] : []),
    ...(wanted !== '' && wanted !== name ? [`it wants the tag ${wanted}, and the tag is ${name || 'nameless'}`] : [])
  ]
  return check(
    'condition',
    'The trigger’s own conditions hold',
    reasons.length > 0 ? 'problem' : 'ok',
    reasons.length > 0
      ? `They do not: ${reasons.join('; ')}. MISP posts the start of the run and no end.`
      : 'Scope, locality and tag fit.',
    null,
    lookUp('the trigger node in the workflow editor', null, null)
  )
}

function jobSize(data: JsonMap): WhyNotCheck {
  const title = 'The data fits into a job'
  const where = lookUp(
    'Administration › Jobs (the job stays unfinished)',
    null,
    'tail app/tmp/logs/misp-workers-errors.log (“Argument list too long”)'
  )
  if (!exceedsAsJson(data, jobArgumentLimit))
    return check(
      'job-size',
      title,
      'ok',
      'As JSON it is at most 131,071 bytes, what Linux passes to a program in one argument.',
      null,
      where
    )
  return check(
    'job-size',
    title,
    'problem',
    'As JSON it is larger than 131,071 bytes. The worker gets it as one argument of a program, and Linux refuses to start that program: the job never runs.',
    null,
    where
  )
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
