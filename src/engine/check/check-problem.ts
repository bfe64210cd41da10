// What the single checks of a workflow share.
import type { Json } from '../../contract/json.ts'
import type { TriggerData } from '../../contract/modules.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { rules, type RuleId } from '../../contract/rules.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import type { AddedModules, ModuleLookup, ModuleTable } from '../modules/table.ts'

export interface CheckContext {
  readonly workflow: RawWorkflow
  /** Those of the MISP version that is checked for. */
  readonly modules: ModuleTable
  readonly lookup: ModuleLookup
  readonly service: AddedModules
  /** What the workflow's trigger starts with. */
  readonly data: TriggerData | undefined
  readonly isDisabled: (type: string, id: string) => boolean
  readonly arbitraryUrls: boolean
  /** What is wrong with a template whatever the data; absent: nobody looks at templates. */
  readonly templateFault?: TemplateCheck
}

/** The same problem, of one parameter of its node. */
export const atParam = (param: string, found: WorkflowProblem): WorkflowProblem => ({ ...found, param })

/** `line` from 1; null where none is known. */
export type TemplateCheck = (
  template: string
) => { readonly type: string; readonly message: string; readonly line: number | null } | null

export const problem = (
  code: RuleId,
  { text: message, claims }: Sentence,
  nodeIds: readonly (string | number)[] = [],
  edges: readonly Json[] = []
): WorkflowProblem => ({ severity: rules[code].severity, code, message, claims, nodeIds, edges })
