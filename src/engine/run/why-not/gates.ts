// What MISP asks before it runs a workflow: settings, Redis, workers, the trigger's switch, its workflow.
import type { WhyNotCheck } from '../../../contract/authoring.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { say, theirs } from '../../../contract/sentence.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { connectionsOf, dataOf } from '../../graph/nodes.ts'
import { isEmpty } from '../../php/values.ts'
import { extractTrigger } from '../../graph/walk-helpers.ts'
import { isAdHocId } from '../../modules/ad-hoc/definition.ts'
import { adHocGates, adHocStart } from './ad-hoc.ts'
import { check, lookUp, profileOf, redisCheck, setting, tableOf, workflowsEnabled } from './words.ts'
import type { WhyNotQuestion } from './words.ts'
import { profiles } from '../../profiles/profiles.ts'

export function gates(question: WhyNotQuestion, definition: ModuleDefinition): WhyNotCheck[] {
  const { trigger, workflow, settings } = question
  if (isAdHocId(trigger)) return [...adHocGates(question), workflowCheck(trigger, workflow), ...adHocStart(question)]
  const { asksForBackgroundJobs } = profiles[profileOf(question)]
  const blocking = definition.blocking
  return [
    workflowsEnabled(settings, say`Workflows are disabled: MISP does not evaluate any trigger.`),
    backgroundJobs(settings, blocking, asksForBackgroundJobs),
    redisCheck(
      say`MISP stores in Redis which workflow belongs to which trigger. Without Redis, or after it was emptied, no trigger has a workflow, and MISP reports no error.`,
      `redis-cli SMEMBERS workflow:workflow_list:${trigger} (after loss: save the workflow again, or open /workflows/rebuildRedis)`
    ),
    ...(blocking ? [] : [workersCheck()]),
    triggerCheck(trigger, settings),
    workflowCheck(trigger, workflow),
    ...(trigger === 'tag-attached-after-save' ? [tagNotifications(question)] : []),
    ...exceptions(question)
  ]
}

const workersCheck = (): WhyNotCheck =>
  check(
    'workers',
    'Workers of the prio queue are running',
    'unknown',
    say`The trigger is not blocking: its workflow runs as a job in the prio queue. Without a worker, jobs pile up.`,
    'a worker processes the job immediately',
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
    on: say`The trigger is enabled.`,
    off: say`The trigger is disabled: MISP does not look for a workflow.`,
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
      say`No workflow of this workspace starts with this trigger.`,
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
      say`The workflow starts with ${typeof id === 'string' ? theirs(`“${id}”`) : 'no trigger'}: MISP fails with “Invalid start node”.`,
      null,
      where
    )
  if (connectionsOf(node).length === 0)
    return check(
      'workflow',
      'The trigger has a workflow',
      'problem',
      say`There is one, but nothing is connected to its trigger: it ends immediately.`,
      null,
      where
    )
  return check(
    'workflow',
    'The trigger has a workflow',
    'ok',
    say`There is one, and nodes are connected to its trigger.`,
    null,
    where
  )
}

/** EventTag::afterSave fires it only beside a ZMQ or Kafka message; AttributeTag::afterSave does not ask for those. */
function tagNotifications(question: WhyNotQuestion): WhyNotCheck {
  const { settings } = question
  const zmq = both(settings, 'Plugin.ZeroMQ_enable', 'Plugin.ZeroMQ_tag_notifications_enable')
  const kafka = both(settings, 'Plugin.Kafka_enable', 'Plugin.Kafka_tag_notifications_enable')
  const where = lookUp(
    'Administration › Server Settings & Maintenance › Plugin › ZeroMQ or Kafka',
    'Plugin.ZeroMQ_enable and Plugin.ZeroMQ_tag_notifications_enable, or Plugin.Kafka_enable, Plugin.Kafka_tag_notifications_enable and its topic',
    'cake Admin getSetting Plugin.ZeroMQ_tag_notifications_enable'
  )
  const title = 'ZMQ or Kafka tag notifications are on'
  const why = say`MISP ${theirs(profileOf(question))} fires this trigger for tags on events only if it also sends a tag notification over ZMQ or Kafka. Tags on attributes do not need this.`
  if (zmq === true || kafka === true)
    return check('tag-notifications', title, 'ok', say`They are on. ${why}`, null, where)
  if (zmq === false && kafka === false)
    return check('tag-notifications', title, 'problem', say`Both are off. ${why}`, null, where)
  return check('tag-notifications', title, 'unknown', why, 'on', where)
}

/** null: nobody said. */
function both(settings: JsonMap, ...names: readonly string[]): boolean | null {
  if (names.some((name) => Object.hasOwn(settings, name) && isEmpty(settings[name]))) return false
  return names.every((name) => Object.hasOwn(settings, name)) ? true : null
}

/** Saves that MISP makes without asking the trigger. */
function exceptions(question: WhyNotQuestion): WhyNotCheck[] {
  const silent = tableOf(question).facts('trigger', question.trigger)?.silent ?? null
  if (silent === null) return []
  return [
    check('exceptions', 'This kind of save fires the trigger', 'note', theirs(silent), null, lookUp(null, null, null))
  ]
}

const jobsSetting = 'MISP.background_jobs'

/** Workflow::executeWorkflowForTriggerRouter, which asks for background jobs only in newer versions. */
function backgroundJobs(settings: JsonMap, blocking: boolean, asked: boolean): WhyNotCheck {
  const menu = 'Administration › Server Settings & Maintenance › MISP'
  if (asked && !blocking && Object.hasOwn(settings, jobsSetting) && isEmpty(settings[jobsSetting])) {
    const text = say`Background jobs are off: this MISP runs the workflow at once, inside the request.`
    const where = lookUp(menu, jobsSetting, `cake Admin getSetting ${jobsSetting}`)
    return check('background-jobs', 'Background jobs are not needed', 'ok', text, null, where)
  }
  return setting(settings, jobsSetting, {
    id: 'background-jobs',
    title: 'Background jobs are on',
    menu,
    on: say`Background jobs are on.`,
    off: blocking
      ? say`Background jobs are off: MISP shows no workflow pages. This trigger is blocking and would still run inside the request.`
      : say`Background jobs are off: this trigger is not blocking, so its workflow waits in a queue that is never processed.`,
    assumed: 'on'
  })
}
