// How a module of MISP differs between two versions.
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { VersionRule } from '../../../contract/profiles.ts'
import { wordFor } from '../../../contract/words.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { moduleRulesOf } from '../../../engine/profiles/module-rules.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'

export interface Versions {
  readonly from: ProfileId
  readonly to: ProfileId
}

export const isOfMisp = ({ from, to }: Versions, type: string, id: string): boolean =>
  modulesOf(from).find(type, id) !== undefined || modulesOf(to).find(type, id) !== undefined

/** Whether a shipped module is the same in both. */
export function isSame({ from, to }: Versions, type: string, id: string): boolean {
  const [before, after] = [modulesOf(from).find(type, id), modulesOf(to).find(type, id)]
  if (!before || !after) return before === after
  return JSON.stringify(before) === JSON.stringify(after) && codeOf(from).isSame(type, id, codeOf(to))
}

/** How a module differs, each change by its name; empty: it does not. */
export function rulesOf(versions: Versions, type: string, id: string): readonly VersionRule[] {
  const { from, to } = versions
  const [before, after] = [modulesOf(from).find(type, id), modulesOf(to).find(type, id)]
  if (!before && !after) return []
  if (!before || !after) return [{ name: id, text: `MISP ${before ? to : from} does not have ${id}.` }]
  const known = moduleRulesOf(id, from, to)
  if (known.length > 0 || isSame(versions, type, id)) return known
  return [{ name: id, text: `It does the same in MISP ${from} and ${to}; ${editorWords(before, after).join(', ')}.` }]
}

/** What the editor shows otherwise. */
function editorWords(before: ModuleDefinition, after: ModuleDefinition): readonly string[] {
  const [was, is] = [before, after].map(
    ({ params }) => new Map(params.map((param) => [param.id, JSON.stringify(param)]))
  )
  const ids = [...new Set([...was!.keys(), ...is!.keys()])].filter((id) => was!.get(id) !== is!.get(id))
  const parts = [
    ...(before.version === after.version ? [] : [`version ${before.version} became ${after.version}`]),
    ...(before.description === after.description && before.name === after.name
      ? []
      : ['its description was corrected']),
    ...(ids.length > 0
      ? [`the editor treats the ${wordFor(ids.length, 'parameter')} ${ids.join(', ')} differently`]
      : [])
  ]
  return parts.length > 0 ? parts : ['what changed is not in the module, but in how MISP runs it']
}
