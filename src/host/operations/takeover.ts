import { append } from '../../contract/lists.ts'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TakenOver, WorldPart } from '../../contract/effects.ts'
import { CodedError } from '../../contract/errors.ts'
import { bytesIn, type TaskInput } from '../aside/aside.ts'
import { sizeOf } from '../aside/given-text.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import type { Failure } from '../../contract/wire.ts'
import type { Call } from '../registry/calls.ts'
import { toFailure } from '../registry/failure.ts'
import type { Handlers } from '../registry/registry.ts'
import { baseOf, fetchKind } from '../takeover/fetch.ts'
import type { Fetched } from '../takeover/fetch.ts'
import { keep, keepAll } from '../takeover/keep.ts'
import { AnswerSpool } from '../takeover/spool.ts'
import { sourcesFor } from '../takeover/sources.ts'
import { isFailure } from '../takeover/take-apart.ts'
import type { NamedText } from '../takeover/take-apart.ts'
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
  workspace.assertThere()
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
