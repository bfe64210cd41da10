import { append } from '../../contract/lists.ts'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TakenOver, WorldPart } from '../../contract/effects.ts'
import type { WorkflowSummary } from '../../contract/workspace.ts'
import { parseMispSettings } from '../../contract/misp-settings.ts'
import { CodedError } from '../../contract/errors.ts'
import { bytesIn, type TaskInput } from '../aside/aside.ts'
import { sizeOf, type GivenText } from '../aside/given-text.ts'
import { idFromName } from '../ports/ids.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import type { Failure } from '../../contract/wire.ts'
import type { Call } from '../registry/calls.ts'
import { toFailure } from '../registry/failure.ts'
import type { Handlers } from '../registry/registry.ts'
import { baseOf, fetchKind } from '../takeover/fetch.ts'
import type { Fetched } from '../takeover/fetch.ts'
import { AnswerSpool } from '../takeover/spool.ts'
import { sourcesFor } from '../takeover/sources.ts'
import { isFailure } from '../takeover/take-apart.ts'
import type { Found, NamedText } from '../takeover/take-apart.ts'
import { recognise } from '../../engine/check/recognise.ts'
import { profileOfWorkspace, useOf } from '../store/versions.ts'
import { WorldStore } from '../world/world-store.ts'
import type { Services } from './services.ts'

type TakeOverOperations =
  | 'takeover.sources'
  | 'takeover.import'
  | 'takeover.fetch'
  | 'world.list'
  | 'world.value'
  | 'world.remove'
  | 'world.restore'

const nothing = (kind: string, name: string, note: string): TakenOver => ({ kind, name, count: 0, to: 'nothing', note })

/** Where a key for a MISP is kept. */
const keyName = (address: string): string => `misp ${baseOf(address)}`

export const takeOverHandlers = (services: Services): Handlers<TakeOverOperations> => {
  const { workspace, uploads, aside, emit } = services
  const folder = join(workspace.folder, 'world')
  const world = new WorldStore(folder)
  return {
    'takeover.sources': ({ address }) => sourcesFor(address === '' ? 'https://misp.example.org' : baseOf(address)),
    'takeover.import': async ({ name, newWorld, ...from }, { signal }) => {
      workspace.assertWritable()
      if ('uploadId' in from && (await isLargeEvent(uploads.fileOf(from.uploadId))))
        return [await keepEvent(services, name, from.uploadId)]
      const given = 'text' in from ? { text: from.text } : { file: uploads.fileOf(from.uploadId) }
      const { texts } = await takeOver(services, { given: [{ given, name }], byInfo: false, newWorld }, signal)
      const [taken = []] = texts
      if (isFailure(taken)) throw new CodedError(taken.code, taken.message, taken.details)
      if (taken.length === 0)
        throw new CodedError('TAKE_OVER_UNKNOWN', `${name} is not a MISP API response that Retrace knows.`, {
          file: name
        })
      if ('uploadId' in from) uploads.forget(from.uploadId)
      emit('workspace.changed', workspace.info())
      return taken
    },
    'takeover.fetch': (params, call) => fetchAll(services, params, call),
    'world.list': () => listWorld(services),
    'world.value': async ({ part, path, offset, limit }, { signal }) =>
      aside.run(
        'worldPage',
        { folder, part, path, offset, limit },
        { bytes: await bytesIn(folder), name: 'world', signal }
      ),
    'world.remove': async ({ part }) => {
      workspace.assertWritable()
      await world.remove(part)
      return listWorld(services)
    },
    'world.restore': async ({ part }) => {
      workspace.assertWritable()
      await world.restore(part)
      return listWorld(services)
    }
  }
}

/** Everything is there before the first of it is kept: who cancels finds the workspace as it was. */
async function fetchAll(
  services: Services,
  { address, key: given, keepKey, selfSigned, newWorld, what }: ParsedParams<'takeover.fetch'>,
  { signal, tell }: Call
): Promise<readonly TakenOver[]> {
  const { workspace, uploads, keys, aside, emit } = services
  workspace.assertWritable()
  const key = given ?? (await keys.get(keyName(address)))
  if (key === null || key === '')
    throw new CodedError('TAKE_OVER_FAILED', 'There is no key for this address.', { place: 'key' })
  const spool = new AnswerSpool(uploads)
  const instance = {
    ...{ address, key, selfSigned, signal },
    idsIn: (text: string, name: string) =>
      aside.run('ids', { given: { text }, name }, { bytes: text.length, name, signal }),
    keep: (text: string, name: string) => spool.add(text, name)
  }
  const taken: TakenOver[] = []
  const refused: unknown[] = []
  const fetched: { readonly kind: string; readonly all: readonly Fetched[] }[] = []
  let failed: unknown
  try {
    for (const [i, { kind, id }] of what.entries()) {
      tell(`Fetching ${kind} from ${address}`, i, what.length)
      try {
        fetched.push({ kind, all: await fetchKind(instance, kind, id) })
      } catch (error) {
        signal.throwIfAborted()
        // What this key may not read must not take the rest along; without an answer nothing else will come either.
        if (!(error instanceof CodedError) || error.details?.status === undefined) {
          failed = error
          break
        }
        refused.push(error)
        taken.push(nothing(kind, id === undefined ? kind : `${kind} ${id}`, error.message))
      }
    }
    let isNew = newWorld
    for (const { kind, all } of fetched) {
      const kept = await keepFetched(services, { kind, all, isNew }, signal)
      isNew &&= !kept.began
      append(taken, kept.taken)
      append(refused, kept.unreadable)
    }
  } finally {
    await spool.close()
  }
  if (failed !== undefined) throw failed
  if (refused.length === what.length) throw refused[0]
  if (keepKey && given !== undefined) await keys.set(keyName(address), given)
  emit('workspace.changed', workspace.info())
  return taken
}

interface Kept {
  readonly taken: readonly TakenOver[]
  /** Why nothing of this kind could be read. */
  readonly unreadable: readonly unknown[]
  readonly began: boolean
}

/** An answer that nobody can read is told, and the others are kept. */
async function keepFetched(
  services: Services,
  { kind, all, isNew }: { readonly kind: string; readonly all: readonly Fetched[]; readonly isNew: boolean },
  signal: AbortSignal
): Promise<Kept> {
  const taken: TakenOver[] = []
  const unreadable: unknown[] = []
  let began = false
  for (const some of await bySize(all)) {
    const done: TakenTexts = await takeOver(
      services,
      { given: some, byInfo: true, newWorld: isNew && !began },
      signal
    ).catch((error: unknown) => {
      if (!(error instanceof CodedError) || error.code !== 'INPUT_TOO_LARGE') throw error
      return { texts: some.map(() => toFailure(error, 'takeover', () => undefined)), began: false }
    })
    began ||= done.began
    for (const [i, one] of done.texts.entries()) {
      const { name } = some[i] as Fetched
      if (isFailure(one)) {
        unreadable.push(new CodedError(one.code, one.message, one.details))
        taken.push(nothing(kind, name, one.message))
      } else append(taken, one.length > 0 ? one : [nothing(kind, name, 'MISP has none.')])
    }
  }
  return { taken, began, unreadable: unreadable.length === all.length ? unreadable.slice(0, 1) : [] }
}

/** Bytes of texts that are in memory together. */
const mostTogether = 64 * 1024 * 1024

async function bySize(all: readonly Fetched[]): Promise<readonly (readonly Fetched[])[]> {
  const portions: Fetched[][] = []
  let bytes = Infinity
  for (const one of all) {
    const size = await sizeOf(one.given)
    if (bytes + size > mostTogether) {
      portions.push([])
      bytes = 0
    }
    portions.at(-1)?.push(one)
    bytes += size
  }
  return portions
}

/** The head is enough to tell one event, which is kept as it came: parsing 100 MB would hold up everybody. */
async function isLargeEvent(file: string): Promise<boolean> {
  if ((await stat(file)).size < 8 * 1024 * 1024) return false
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0)
    return /^\s*\{\s*"Event"\s*:/.test(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

const listWorld = async ({ workspace, aside }: Services): Promise<readonly WorldPart[]> => {
  const folder = join(workspace.folder, 'world')
  return aside.run('worldParts', { folder }, { bytes: await bytesIn(folder), name: 'world' })
}

async function keepEvent(services: Services, name: string, uploadId: string): Promise<TakenOver> {
  const { uploads } = services
  const taken = await keep(services, { to: 'data', kind: 'event', name, count: 1 }, { file: uploads.fileOf(uploadId) })
  uploads.forget(uploadId)
  return taken
}

interface TakenTexts {
  readonly texts: readonly (readonly TakenOver[] | Failure)[]
  readonly began: boolean
}

async function takeOver(
  services: Services,
  asked: Pick<TaskInput<'takeApart'>, 'given' | 'byInfo' | 'newWorld'>,
  signal: AbortSignal
): Promise<TakenTexts> {
  const { workspace, aside } = services
  const worldFolder = join(workspace.folder, 'world')
  // Rows are merged into what the world holds already.
  let bytes = await bytesIn(worldFolder)
  for (const { given } of asked.given) bytes += await sizeOf(given)
  const name = asked.given[0]?.name ?? 'the answer'
  const { texts, began } = await aside.run('takeApart', { ...asked, worldFolder }, { bytes, name, signal })
  const taken: (readonly TakenOver[] | Failure)[] = []
  for (const [i, found] of texts.entries()) {
    const { given } = asked.given[i] as NamedText
    taken.push(isFailure(found) ? found : await keepAll(services, found, given))
  }
  return { texts: taken, began }
}

async function keepAll(services: Services, found: readonly Found[], given: GivenText): Promise<readonly TakenOver[]> {
  const taken: TakenOver[] = []
  for (const one of found) taken.push(await keep(services, one, given))
  return taken
}

async function keep({ workspace, trust, emit }: Services, found: Found, given: GivenText): Promise<TakenOver> {
  switch (found.to) {
    case 'taken':
      return found.taken
    case 'workflows':
      return keepWorkflow(workspace, found, (saved) => emit('workflows.changed', { changed: [saved], removed: [] }))
    case 'version':
      return keepVersion(workspace, found)
    case 'data': {
      const id = idFromName(found.name, (one) => workspace.data.list().some((known) => known.id === one))
      // Kept byte for byte as it came.
      const added = await workspace.data.add(id, found.name, given)
      emit('data.changed', { changed: [added], removed: [] })
      return { kind: found.kind, name: found.name, count: found.count, to: 'data', id }
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
