// What MISP's editor shows at modules of a workflow (Workflow::attachNotificationToModules, WorkflowBaseModule::diagnostic).
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RuleId } from '../../contract/rules.ts'
import type { ModuleType } from '../../contract/workflow.ts'
import type { ModuleTable } from '../modules/table.ts'

export interface Notice extends JsonMap {
  readonly text: string
  readonly description: string
  readonly details: readonly string[]
  readonly __show_in_sidebar: boolean
  readonly __show_in_node: boolean
}

export interface Notices {
  readonly error: readonly Notice[]
  readonly warning: readonly Notice[]
  readonly info: readonly Notice[]
}

const notice = (text: string, description: string, detail: string, sidebar: boolean): Notice => ({
  text,
  description,
  details: [detail],
  __show_in_sidebar: sidebar,
  __show_in_node: true
})

const disabled = notice(
  'Module disabled',
  'This module is disabled and thus will not be executed.',
  'Disabled modules that are blocking will also stop the execution',
  false
)
const blocking = notice(
  'Blocking module might not work as intended',
  'This module is a blocking module for a non-blocking trigger.',
  'The Blocking modules will be executed. However, it will not block the remaining of the execution',
  true
)
const format = notice(
  'Potential data format issue',
  'This module might not work properly as it expect data compliant with the MISP core format.',
  'This module expect data to be compliant with the MISP core format. However, the data passed by the trigger might not be under this format.',
  true
)
const arbitraryUrls = notice(
  '`rest_client_enable_arbitrary_urls` is turned off.',
  'The module will not send any request as long as `Security.rest_client_enable_arbitrary_urls` is turned off.',
  'This is a security measure to ensure a site-admin do not send arbitrary request to internal services',
  true
)

/** Retrace's rule of a notice of MISP's. */
export const codeOfNotice = (notice: Notice): RuleId => {
  if (notice === blocking) return 'MODULE_BLOCKING'
  if (notice === format) return 'DATA_FORMAT'
  return notice === arbitraryUrls ? 'ARBITRARY_URLS_OFF' : 'MODULE_DISABLED'
}

const showsUrlSetting = ({ id, is_misp_module }: ModuleDefinition, modules: ModuleTable): boolean =>
  !is_misp_module && (modules.facts('action', id)?.arbitraryUrls ?? null) !== null

export interface NoticeContext {
  readonly modules: ModuleTable
  /** The workflow's trigger; null without one, which counts as non-blocking and not in core format. */
  readonly trigger: ModuleDefinition | null
  readonly arbitraryUrls: boolean
  readonly isDisabled: (definition: ModuleDefinition) => boolean
}

/** The notices of one module in the context of a workflow. */
export function noticesFor(definition: ModuleDefinition, context: NoticeContext): Notices {
  const type: ModuleType = definition.module_type
  const error: Notice[] = []
  const warning: Notice[] = []
  if (context.isDisabled(definition)) error.push(disabled)
  if (!context.trigger?.blocking && definition.blocking) warning.push(blocking)
  if (type !== 'trigger' && !context.trigger?.misp_core_format && definition.expect_misp_core_format)
    warning.push(format)
  if (type === 'action' && !context.arbitraryUrls && showsUrlSetting(definition, context.modules))
    error.push(arbitraryUrls)
  return { error, warning, info: [] }
}
