// Workflows and blueprints: their versions, what is wrong with them, drafts.
import { z } from 'zod'
import type { BlueprintDetail, BlueprintImport, BlueprintSummary, Draft } from '../editing.ts'
import type { ProfileUse } from '../profiles.ts'
import type { WorkflowDetail, WorkflowProblem, WorkflowSummary } from '../workspace.ts'
import { takes } from './operation.ts'
import { id, ids, json, nothing, runOptions, workflowSource } from './params.ts'

export const workflowOperations = {
  /** The one that a run of this workflow would have, and what it was recognised by or speaks against it. */
  'workflows.profile': takes(z.strictObject({ workflow: workflowSource })).gives<ProfileUse>(),

  'workflows.list': takes(nothing).gives<readonly WorkflowSummary[]>(),
  'workflows.get': takes(
    z.strictObject({ workflowId: id, version: z.int().min(1).optional() })
  ).gives<WorkflowDetail>(),
  /** A new version, or without `workflowId` a new workflow. */
  'workflows.save': takes(
    z.strictObject({
      workflowId: id.optional(),
      text: z.string().optional(),
      workflow: json.optional(),
      /** The version that was edited: WORKFLOW_CHANGED when there is a newer one by now. */
      base: z.int().min(1).optional(),
      /**
       * Of one that comes from elsewhere and whose uuid the workspace has already: `ask` throws WORKFLOW_KNOWN, which names it; `version` makes
       * it a new version of that one; `copy` gives it a uuid of its own.
       */
      ifKnown: z.enum(['ask', 'version', 'copy']).optional(),
      note: z.string().max(2000).default('')
    })
  ).gives<WorkflowSummary>(),
  'workflows.check': takes(z.strictObject({ workflow: workflowSource, options: runOptions.default({}) })).gives<
    readonly WorkflowProblem[]
  >(),

  /** The JSON text as MISP would import it; what nobody changed stands as it was imported, to the byte. */
  'workflows.export': takes(z.strictObject({ workflowId: id, version: z.int().min(1).optional() })).gives<{
    readonly name: string
    readonly text: string
  }>(),
  /** Into the bin of the workspace, with all versions. Gives what was moved. */
  'workflows.delete': takes(z.strictObject({ workflowIds: ids })).gives<readonly WorkflowSummary[]>(),
  'workflows.restore': takes(z.strictObject({ workflowIds: ids })).gives<readonly WorkflowSummary[]>(),
  /** Makes an older version the newest one. */
  'workflows.revert': takes(
    z.strictObject({ workflowId: id, version: z.int().min(1), note: z.string().max(2000).default('') })
  ).gives<WorkflowSummary>(),

  // Drafts: what was edited and not saved, one a workflow, kept at once.
  'drafts.get': takes(z.strictObject({ workflowId: id })).gives<Draft | null>(),
  'drafts.save': takes(z.strictObject({ workflowId: id, base: z.int().min(0), workflow: json })).gives<{
    readonly at: string
  }>(),
  'drafts.discard': takes(z.strictObject({ workflowId: id })).gives<Record<string, never>>(),

  'blueprints.list': takes(nothing).gives<readonly BlueprintSummary[]>(),
  'blueprints.get': takes(z.strictObject({ uuid: id })).gives<BlueprintDetail>(),
  /** Files of blueprints; as MISP does, one that is here already is replaced when the file's timestamp is newer (`force`: always). */
  'blueprints.import': takes(
    z.strictObject({
      files: z
        .array(z.strictObject({ name: z.string().max(1000), text: z.string() }))
        .min(1)
        .max(5000),
      /** From the repository: marks them as default ones. */
      repository: z.boolean().default(false),
      force: z.boolean().default(false)
    })
  ).gives<BlueprintImport>(),
  /** Creates a blueprint out of nodes, or changes the one with that uuid. */
  'blueprints.save': takes(
    z.strictObject({
      uuid: id.optional(),
      name: z.string().min(1).max(500),
      description: z.string().max(10_000).default(''),
      nodes: json
    })
  ).gives<BlueprintSummary>(),
  'blueprints.export': takes(z.strictObject({ uuid: id })).gives<{ readonly name: string; readonly text: string }>(),
  'blueprints.delete': takes(z.strictObject({ uuid: id })).gives<Record<string, never>>()
} as const
