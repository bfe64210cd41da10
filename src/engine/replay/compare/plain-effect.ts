// An effect as it is compared.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Effect } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { isMap } from '../../php/values.ts'

/**
 * Parts of an effect that are compared: not who answered it, how long that took, nor what only names the version of MISP; a template's
 * data is the step's.
 */
export const plainEffect = ({ effect, answer }: Pick<RunEffect, 'effect' | 'answer'>): Json =>
  ({ effect: plainRequest(effect), answer }) as unknown as Json

function plainRequest(effect: Effect): object {
  switch (effect.kind) {
    case 'template':
      return { ...effect, data: null }
    case 'http':
      return {
        ...effect,
        headers: effect.headers.map(([name, value]) => [name, isAgent(name, value) ? 'MISP' : value])
      }
    case 'misp-modules':
      return { ...effect, body: withoutFlags(effect.body) }
    default:
      return effect
  }
}

const isAgent = (name: string, value: string): boolean => /^user-agent$/i.test(name) && /^MISP \d/.test(value)

/** The flags of MISP's made-up user grow with each version. */
function withoutFlags(body: JsonMap): JsonMap {
  const { user } = body
  return isMap(user) && user['email'] === 'SYSTEM' ? { ...body, user: { ...user, Role: null } } : body
}
