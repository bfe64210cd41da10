// The branch that a logic node took: MISP does not report it, but the node's post holds the data it decided on (logic modules leave
// the data as it is), so its own module is run once more on that data.
import type { Json } from '../../../contract/json.ts'
import type { RunEventMap } from '../../../contract/run.ts'
import { createModuleRun } from '../../../engine/run/execute-module.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { normaliseValue } from '../../../engine/php/decode.ts'
import { defaultProfile, newestProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { runToEnd } from '../../../engine/run/walk/driver.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { branchesOf } from './module-facts.ts'
import type { ParsedPost } from './post-parse.ts'

/** Logic modules look at the data only; MISP asks for a user before it runs any module. */
const user = { id: 0, email: 'SYSTEM', org_id: '1' }

const ports = (templateLimits: Partial<Limits>): Ports => ({
  clock: { now: () => 0, monotonic: () => performance.now() },
  uuid: () => '00000000-0000-4000-8000-000000000000',
  templateLimits
})

export type Branch = 'output_1' | 'output_2'

/** While nobody knows which MISP posted: the usual one, for what it has. */
const usual = (moduleId: string): ProfileId =>
  modulesOf(defaultProfile).find('logic', moduleId) ? defaultProfile : newestProfile

/**
 * The branch of a logic node's post, or null when it cannot be computed. Never throws.
 * @param limits of templates
 */
export function computeBranch(
  post: ParsedPost,
  limits: Partial<Limits> = {},
  profile: ProfileId = usual(post.moduleId)
): Branch | null {
  const branches = branchesOf(post.moduleId)
  if (branches === undefined || branches === 'none') return null
  if (branches === 'always') return 'output_1'
  // A module that is disabled, unknown or threw counts as false.
  if (post.result !== 'success') return 'output_2'
  try {
    return executeBranch(post, limits, profile)
  } catch {
    return null
  }
}

function executeBranch(post: ParsedPost, limits: Partial<Limits>, profile: ProfileId): Branch | null {
  const finished: RunEventMap['node.finished'][] = []
  const run = createModuleRun(
    {
      moduleId: post.moduleId,
      params: post.parameters === '' ? [] : normaliseValue(post.parameters as Json),
      data: normaliseValue(post.data as Json),
      user,
      options: { profile }
    },
    ports(limits),
    (event) => {
      if (event.type === 'node.finished') finished.push(event.data)
    }
  )
  runToEnd(run.stepper)
  const result = run.result()
  if (result === null || result.throwable !== null || result.cannotTell !== null || result.answer === null) return null
  const branch = finished[0]?.branch
  return branch === 'output_1' || branch === 'output_2' ? branch : null
}
