// Everything that can be said about a workflow before it runs: what MISP refuses or warns about, in MISP's words, and beyond
// MISP what will surprise its author.
import { plainText, type JsonMap } from '../../contract/json.ts'
import { listed, nodeNamed, say, termed, theirs, theirsCoded } from '../../contract/sentence.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { modulesOf, serviceDefinitions } from '../modules/table.ts'
import { triggerData } from '../modules/describe/trigger-data.ts'
import type { AddedModules } from '../modules/table.ts'
import { underPhp } from '../php/version.ts'
import { defaultProfile, profiles } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { checkFilters } from './check-filters.ts'
import { checkNodes } from './check-nodes.ts'
import { problem } from './check-problem.ts'
import type { CheckContext, TemplateCheck } from './check-problem.ts'
import { checkShape } from './check-shape.ts'
import { checkTraps } from './check-traps.ts'
import { isEmpty } from '../php/values.ts'
import type { WorldData } from '../world/world.ts'
import { findLoops } from './recursion.ts'
import { extractTriggerId } from '../graph/walk-helpers.ts'

export interface CheckOptions {
  /** The MISP version that the workflow is to run in. */
  readonly profile?: ProfileId
  /** MISP settings by name; those that are missing count as on where that keeps a module working. */
  readonly settings?: JsonMap
  /** Ids of enabled logic and action modules; null: all. */
  readonly enabledModules?: readonly string[] | null
  /** Ids of enabled triggers; null: all. */
  readonly enabledTriggers?: readonly string[] | null
  /** What the misp-modules service lists (GET /modules); null when it is down. */
  readonly serviceModules?: readonly JsonMap[] | null
  /** Modules that MISP does not ship, the service's and custom ones, as definitions. */
  readonly added?: AddedModules
  /** MISP’s database, as far as somebody knows it. */
  readonly world?: WorldData
  /** What is wrong with a template whatever the data; absent: templates are not looked at. */
  readonly templateFault?: TemplateCheck
  /** The other workflows of the instance, for recursion across them. */
  readonly workflows?: readonly RawWorkflow[]
}

export interface WorkflowCheck {
  /** MISP refuses to save the workflow. */
  readonly errors: readonly WorkflowProblem[]
  readonly warnings: readonly WorkflowProblem[]
}

function contextOf(workflow: RawWorkflow, options: CheckOptions): CheckContext {
  const { settings = {}, enabledModules = null, enabledTriggers = null } = options
  const enabled = enabledModules === null ? null : new Set(enabledModules)
  const triggers = enabledTriggers === null ? null : new Set(enabledTriggers)
  const service = new Map([...(options.added ?? []), ...serviceDefinitions(options.serviceModules)])
  const modules = modulesOf(options.profile ?? defaultProfile)
  return {
    workflow,
    modules,
    service,
    data: triggerData(modules, plainText(extractTriggerId(workflow.data) ?? '')),
    lookup: (type, id) => modules.definition(type, id, service),
    isDisabled: (type, id) => {
      const on = type === 'trigger' ? triggers : enabled
      return on !== null && !on.has(id)
    },
    arbitraryUrls: !isEmpty(settings['Security.rest_client_enable_arbitrary_urls'] ?? true),
    ...(options.templateFault ? { templateFault: options.templateFault } : {})
  }
}

function checkRecursion(context: CheckContext, options: CheckOptions): readonly WorkflowProblem[] {
  const { settings = {}, workflows = [] } = options
  const tagNotifications = ['ZeroMQ', 'Kafka'].some(
    (by) => !isEmpty(settings[`Plugin.${by}_enable`]) && !isEmpty(settings[`Plugin.${by}_tag_notifications_enable`])
  )
  const own = plainText(extractTriggerId(context.workflow.data) ?? '')
  const blocking = context.lookup('trigger', own)?.blocking === true
  const end = blocking
    ? 'immediately, inside this run, without any limit in MISP'
    : 'again in a new background job, endlessly'
  const others = workflows.filter((other) => other !== context.workflow)
  return findLoops(context.workflow, others, {
    tagNotifications,
    isDisabled: context.isDisabled,
    modules: context.modules
  }).map((loop) => {
    const way = loop.map(({ nodeId, moduleId, triggerId, workflow }, i) => {
      const where = i > 0 && say` of workflow ${theirsCoded(workflow)}`
      const node = i === 0 ? nodeNamed(nodeId, moduleId) : theirs(`node ${nodeId}`)
      return say`${node} (${theirs(moduleId)})${where} can fire ${termed(triggerId)}`
    })
    const nodeId = loop[0]?.nodeId ?? ''
    return problem('RECURSION', say`The workflow can trigger itself: ${listed(way, 'then')}, which runs it ${end}.`, [
      nodeId
    ])
  })
}

/**
 * Checks a parsed workflow. Never throws: where MISP would (a label that cannot be shown, a start that is not there), that is a
 * problem in the list. Node ids are those of the nodes; edges are `[from, to]`, for blocking paths with MISP's further fields.
 */
export function checkWorkflow(workflow: RawWorkflow, options: CheckOptions = {}): WorkflowCheck {
  return underPhp(profiles[options.profile ?? defaultProfile].php, () => checked(workflow, options))
}

function checked(workflow: RawWorkflow, options: CheckOptions): WorkflowCheck {
  const context = contextOf(workflow, options)
  const problems = [
    ...checkShape(context),
    ...checkNodes(context),
    ...checkFilters(context),
    ...checkTraps(context, {
      settings: options.settings ?? {},
      world: options.world,
      serviceModules: options.serviceModules
    }),
    ...checkRecursion(context, options)
  ]
  return {
    errors: problems.filter(({ severity }) => severity === 'error'),
    warnings: problems.filter(({ severity }) => severity === 'warning')
  }
}
