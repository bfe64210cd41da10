// Tokens of plans. A token is good once, for ten minutes, and for exactly what was planned: the workflow and those that it may fire, a module
// with its parameters, the code of custom modules, data, world, mocks, settings and the list of allowed hosts. An edit of any of them makes it void.
import { randomBytes } from 'node:crypto'
import type { JsonMap } from '../../../contract/json.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Confirmed } from '../../ports/live.ts'
import type { HashedModule } from '../../modules/custom-module.ts'
import type { Refs } from '../thread/protocol.ts'

import { fingerprint, keptFingerprint } from './digest.ts'

interface Plan {
  readonly digest: string
  readonly confirmed: Confirmed
  /** On the clock that nobody sets. */
  readonly until: number
}

const planned = new Map<string, Plan>()
const goodForMs = 10 * 60_000
const mostPlans = 100

export interface Planned {
  /** The workflow, or a module with its parameters and filters. */
  readonly what: unknown
  /** As it was read, not as it was named: a data set may be edited. */
  readonly data: unknown
  /** With the world that the run gets. */
  readonly options: RunOptionsInput
  readonly customModules: readonly HashedModule[]
  readonly refs: Refs
}

/** What a token is for. */
export function digestOf({ what, data, options, customModules, refs }: Planned): string {
  const { effects = {}, world, ...rest } = options
  const { confirm: _confirm, ...choices } = effects
  const { settings = {}, limits = {}, live = null, mockSet = null, workflows = null } = refs
  return fingerprint([
    ...[what, data, rest, choices],
    world ? keptFingerprint(world) : null,
    customModules.map(({ definition, sourceHash }) => [definition.id, sourceHash]),
    ...[settings, limits, live, mockSet, workflows]
  ])
}

export function keepPlan(digest: string, confirmed: Confirmed): string {
  const now = performance.now()
  for (const [token, { until }] of planned) if (until < now || planned.size >= mostPlans) planned.delete(token)
  const token = randomBytes(18).toString('base64url')
  planned.set(token, { digest, confirmed, until: now + goodForMs })
  return token
}

/** Uses a token up. Throws LIVE_NOT_CONFIRMED. */
export function redeem(token: string | undefined, digest: string): Confirmed {
  const plan = token === undefined ? undefined : planned.get(token)
  if (token !== undefined) planned.delete(token)
  if (!plan || plan.until < performance.now()) {
    throw new CodedError(
      'LIVE_NOT_CONFIRMED',
      'A live run needs the token of its plan; it is missing, already used or expired.'
    )
  }
  if (plan.digest !== digest) {
    throw new CodedError(
      'LIVE_NOT_CONFIRMED',
      'The confirmed plan no longer matches: workflow, module, data, options or settings have changed. Review the plan again.'
    )
  }
  return plan.confirmed
}

/** For an effect that is sent again. */
export const digestOfEffect = (parts: JsonMap, { live }: Refs): string => fingerprint(['resend', parts, live])
