// Which MISP the workspace, its workflows and its sources of posts are treated as.
import { CodedError } from '../../contract/errors.ts'
import type { ProfilesState, ProfileUse } from '../../contract/profiles.ts'
import { profileFor, profileIds, profiles } from '../../engine/profiles/profiles.ts'
import type { Handlers } from '../registry/registry.ts'
import type { StoredVersions } from '../store/schemas.ts'
import { chosenOfSource, profileOfWorkspace, useOf } from '../store/versions.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Services } from './services.ts'

export const profileHandlers = ({ workspace, emit }: Services): Handlers<'profiles.list' | 'profiles.choose'> => ({
  'profiles.list': () => stateOf(workspace),
  'profiles.choose': async ({ for: what, profile }) => {
    workspace.assertWritable()
    if (profile !== null) requireProfile(profile)
    await workspace.saveVersions(choose(workspace.versions, what, profile))
    emit('workspace.changed', workspace.info())
    return stateOf(workspace)
  }
})

/** Throws PROFILE_UNKNOWN. */
function requireProfile(given: string): void {
  if (profileFor(given) !== null) return
  const message = `There is no profile “${given.slice(0, 40)}”. There are: ${profileIds.join(', ')}.`
  throw new CodedError('PROFILE_UNKNOWN', message, { place: 'profile' })
}

type For = 'workspace' | { readonly workflowId: string } | { readonly source: string }

function choose(versions: StoredVersions, what: For, profile: string | null): StoredVersions {
  if (what === 'workspace') {
    if (profile === null) throw new CodedError('PARAMS_INVALID', 'profiles.choose: a workspace always has a profile.')
    return { ...versions, workspace: { profile, how: 'chosen', evidence: [] } }
  }
  const [part, name] =
    'workflowId' in what ? (['workflows', what.workflowId] as const) : (['sources', what.source] as const)
  const others = Object.entries(versions[part] ?? {}).filter(([key]) => key !== name)
  return { ...versions, [part]: Object.fromEntries(profile === null ? others : [...others, [name, profile]]) }
}

const sourcesOf = ({ runs }: Workspace): readonly string[] => runs.facets().source.map(({ value }) => value)

function stateOf(workspace: Workspace): ProfilesState {
  const { versions, workflows } = workspace
  const sources = sourcesOf(workspace)
  const own = profileOfWorkspace(versions)
  const ofSource = (source: string): ProfileUse => {
    const chosen = chosenOfSource(versions, source)
    return chosen === undefined ? { ...own, how: 'workspace', note: '', evidence: [] } : useOf(chosen, 'chosen')
  }
  const ids = new Set(workflows.list().map(({ id }) => id))
  return {
    profiles: profileIds.map((id) => ({ id, text: profiles[id].title })),
    workspace: own,
    workflows: Object.fromEntries(
      Object.entries(versions.workflows ?? {})
        .filter(([id]) => ids.has(id))
        .map(([id, chosen]) => [id, useOf(chosen, 'chosen')])
    ),
    sources: Object.fromEntries(sources.map((source) => [source, ofSource(source)]))
  }
}
