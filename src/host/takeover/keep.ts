// What becomes of the parts of an answer of MISP: each goes where the workspace keeps its kind, and it is said where.
import type { TakenOver } from '../../contract/effects.ts'
import { parseMispSettings } from '../../contract/misp-settings.ts'
import type { WorkflowSummary } from '../../contract/workspace.ts'
import { recognise } from '../../engine/check/recognise.ts'
import type { GivenText } from '../aside/given-text.ts'
import type { Services } from '../operations/services.ts'
import { idFromName } from '../ports/ids.ts'
import { profileOfWorkspace, useOf } from '../store/versions.ts'
import type { Found } from './take-apart.ts'

export async function keepAll(
  services: Services,
  found: readonly Found[],
  given: GivenText
): Promise<readonly TakenOver[]> {
  const taken: TakenOver[] = []
  for (const one of found) taken.push(await keep(services, one, given))
  return taken
}

export async function keep({ workspace, trust, emit }: Services, found: Found, given: GivenText): Promise<TakenOver> {
  switch (found.to) {
    case 'taken':
      return found.taken
    case 'workflows':
      return keepWorkflow(workspace, found, (saved) => emit('workflows.changed', { changed: [saved], removed: [] }))
    case 'version':
      return keepVersion(workspace, found)
    case 'nothing':
      return { ...found, count: 0 }
    case 'data': {
      const id = idFromName(found.name, (one) => workspace.data.list().some((known) => known.id === one))
      const { same, other } = await workspace.data.known(given)
      if (same)
        return {
          ...{ kind: found.kind, name: found.name, to: 'nothing', count: 0 },
          id: same.id,
          note: `“${same.name}” is the same.`
        }
      const beside = other ? { note: `Another state of this event is here as “${other.name}”: both are kept.` } : {}
      // Kept byte for byte as it came.
      const added = await workspace.data.add(id, found.name, given)
      emit('data.changed', { changed: [added], removed: [] })
      return { kind: found.kind, name: found.name, count: found.count, to: 'data', id, ...beside }
    }
    case 'settings': {
      const { settings } = parseMispSettings(found.settings)
      const count = Object.keys(settings).length
      if (count > 0) await trust.take(settings)
      const note = found.note === null ? {} : { note: `ignored, not MISP settings: ${found.note}` }
      return { kind: found.kind, name: found.kind, count, to: count > 0 ? 'settings' : 'nothing', ...note }
    }
  }
}

const mostEvidence = 20

/**
 * A workspace that nobody chose a version for, and that is no older one, is treated as the MISP that it is filled from. Others stay as they are,
 * which is said.
 */
async function keepVersion(
  workspace: Services['workspace'],
  { kind, version, traces }: Extract<Found, { to: 'version' }>
): Promise<TakenOver> {
  const { versions } = workspace
  const stored = versions.workspace
  const own = profileOfWorkspace(versions)
  const told = recognise(traces, own.profile)
  const given = version ?? (told.isOther ? told.profile : null)
  const name = version === null ? `MISP ${told.profile}` : `MISP ${version}`
  if (given === null)
    return { kind, name, count: 0, to: 'nothing', note: 'Nothing speaks against the version of the workspace.' }
  const evidence =
    version === null
      ? told.traces.slice(0, mostEvidence).map(({ text }) => text)
      : [`It says itself that it is MISP ${version}.`]
  const use = useOf(given, 'recognised', evidence)
  // What MISP says of itself is surer than what its lists say.
  const mayChange = stored?.how === 'new' || (stored?.how === 'recognised' && version !== null)
  if (!mayChange || use.profile === own.profile) {
    const stays = `The workspace is treated as MISP ${own.profile}`
    const note =
      use.profile === own.profile
        ? `${stays}. ${use.note}`.trim()
        : `${stays}; ${use.profile} fits better: Settings › MISP version, or retrace profile ${use.profile}.`
    if (mayChange)
      await workspace.saveVersions({ ...versions, workspace: { profile: given, how: 'recognised', evidence } })
    return { kind, name, count: mayChange ? 1 : 0, to: mayChange ? 'settings' : 'nothing', note }
  }
  await workspace.saveVersions({ ...versions, workspace: { profile: given, how: 'recognised', evidence } })
  return {
    kind,
    name,
    count: 1,
    to: 'settings',
    note: `The workspace is treated as MISP ${use.profile}. ${use.note}`.trim()
  }
}

/** One that is there already is not saved: a person says whether it becomes a new version of that one or a copy. */
async function keepWorkflow(
  { workflows }: Services['workspace'],
  { kind, name, workflow }: Extract<Found, { to: 'workflows' }>,
  changed: (saved: WorkflowSummary) => void
): Promise<TakenOver> {
  const known = workflows.like(workflow, name)
  const told = { kind, name, to: 'workflows' } as const
  if (known !== undefined) {
    const { id } = known
    if (JSON.stringify(workflows.get(id).workflow) === JSON.stringify(workflow))
      return { ...told, to: 'nothing', count: 0, id, note: `Version ${known.version} of “${known.name}” is the same.` }
    const note = `The workspace has this workflow already: “${known.name}”. Nothing was saved yet.`
    return { ...told, count: 0, note, asks: { workflowId: id, workflow } }
  }
  const saved = await workflows.save(
    idFromName(name, (id) => workflows.isTaken(id)),
    workflow,
    'imported from MISP'
  )
  changed(saved)
  return { ...told, count: 1, id: saved.id }
}
