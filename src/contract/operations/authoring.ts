// Writing workflows: modules, hash paths, filters, templates, triggers.
import { z } from 'zod'
import type {
  FilterLook,
  HashKey,
  HashLook,
  ModuleUse,
  TemplateCompletions,
  TemplateLive,
  TemplateLook,
  TriggerRow,
  WhyNotReport
} from '../authoring.ts'
import type { Json, JsonMap } from '../json.ts'
import type { ModuleDefinition } from '../modules.ts'
import type { Sentence } from '../sentence.ts'
import { mostTemplate } from '../authoring.ts'
import { takes } from './operation.ts'
import { dataSource, id, limit, map, nothing, profile, workflowSource } from './params.ts'

export const authoringOperations = {
  // `profile`: those of another version of MISP than the workspace's.
  'modules.list': takes(z.strictObject({ profile }).default({})).gives<readonly ModuleDefinition[]>(),
  /**
   * Asks the misp-modules service that is set for its modules (GET /modules) and keeps the list in the world. Contacts it: asked for by
   * a person only. Throws SERVICE_NOT_SET.
   */
  'modules.fromService': takes(nothing).gives<{
    readonly url: string
    readonly total: number
    readonly actions: number
  }>(),
  'modules.get': takes(z.strictObject({ moduleId: id, profile })).gives<ModuleDefinition>(),
  'module.explain': takes(
    z.strictObject({ moduleId: id, params: map.default({}), filters: map.optional(), profile })
  ).gives<Sentence>(),

  /** As PHP answers: with gaps among its keys it is a map. `warnings`: of PHP, each once. */
  'hash.extract': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<{
    readonly value: Json
    readonly warnings: readonly string[]
  }>(),
  'hash.get': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<{
    readonly value: Json
  }>(),
  'hash.explain': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<Json>(),
  // Writing workflows. `base`: the selector whose items the path is read in.
  'hash.complete': takes(
    z.strictObject({ data: dataSource, path: z.string().max(10_000), base: z.string().max(10_000).optional() })
  ).gives<{
    readonly keys: readonly HashKey[]
  }>(),
  'hash.look': takes(
    z.strictObject({ data: dataSource, path: z.string().max(10_000), base: z.string().max(10_000).optional(), limit })
  ).gives<HashLook>(),
  'hash.filter': takes(z.strictObject({ data: dataSource, filters: map, limit, profile })).gives<FilterLook>(),
  /** The beginning of what comes out; all of it with `whole`, as scripts want it. */
  'template.render': takes(
    z.strictObject({ template: z.string().max(mostTemplate), data: dataSource, whole: z.boolean().default(false) })
  ).gives<TemplateLook>(),
  /** Sends template and data to the misp-modules service that is set: asked for by a person only. Throws SERVICE_NOT_SET. */
  'template.renderLive': takes(
    z.strictObject({ template: z.string().max(1_000_000), data: dataSource })
  ).gives<TemplateLive>(),
  /** Limits of templates that differ from the usual ones, by name; `set` replaces them. SETTING_INVALID. */
  'template.limits': takes(nothing).gives<{ readonly limits: JsonMap }>(),
  'template.setLimits': takes(z.strictObject({ limits: map })).gives<{ readonly limits: JsonMap }>(),
  /** What may come next in a template; `offset` in UTF-16 units. */
  'template.complete': takes(
    z.strictObject({ template: z.string().max(1_000_000), offset: z.int().min(0), data: dataSource })
  ).gives<TemplateCompletions>(),
  /** The definition with the options that MISP reads from its database: tags, organisations… of the workspace's world and the data. */
  'modules.resolve': takes(
    z.strictObject({ moduleId: id, data: dataSource.optional(), profile })
  ).gives<ModuleDefinition>(),
  /** Which workflows of the workspace use which modules. */
  'modules.usage': takes(nothing).gives<readonly ModuleUse[]>(),
  'triggers.list': takes(nothing).gives<readonly TriggerRow[]>(),
  /** Why a trigger did not run a workflow, against data and settings. */
  'triggers.whyNot': takes(
    z.strictObject({
      trigger: id,
      data: dataSource.optional(),
      workflow: workflowSource.optional(),
      settings: map.default({}),
      profile
    })
  ).gives<WhyNotReport>()
} as const
