// The version of MISP that a command without a workspace goes by, where nobody named one: what it is given may point to another than 2.5.1.
import type { ProfileUse } from '../contract/profiles.ts'
import { recogniseId } from '../engine/check/recognise.ts'
import { defaultProfile } from '../engine/profiles/profiles.ts'
import type { CommandContext } from './context.ts'
import { visible } from './style.ts'

interface Given {
  readonly profile?: string | undefined
  readonly workspace?: string | undefined
  readonly keep?: boolean
}

/** What `--profile` says, else what the id of a module or trigger points to, which is told. Undefined: what holds anyhow. */
export function profileFor(
  id: string,
  { profile, workspace, keep }: Given,
  context: CommandContext
): string | undefined {
  if (profile !== undefined || workspace !== undefined || keep) return profile
  const found = recogniseId(id, defaultProfile)
  if (found === null) return undefined
  tellRecognised({ profile: found.profile, evidence: found.traces.map(({ text }) => text) }, context)
  return found.profile
}

const mostSaid = 3

export function tellRecognised(
  { profile, evidence }: Pick<ProfileUse, 'profile' | 'evidence'>,
  context: CommandContext,
  where = ''
): void {
  context.complain(
    `note ${visible(`MISP ${profile} was recognised${where}: ${evidence.slice(0, mostSaid).join(' ')}`)}`
  )
}
