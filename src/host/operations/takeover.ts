import type { TakenOver } from '../../contract/effects.ts'
import type { Json } from '../../contract/json.ts'
import { nameSettings, parseMispSettings } from '../../contract/misp-settings.ts'
import { CodedError } from '../../contract/errors.ts'
import { refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { decodeJson } from '../../engine/php/decode.ts'
import { dig } from '../../engine/php/values.ts'
import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import { baseOf, fetchKind } from '../takeover/fetch.ts'
import type { Fetched } from '../takeover/fetch.ts'
import { sniff } from '../takeover/sniff.ts'
import type { Sniffed } from '../takeover/sniff.ts'
import { sourcesFor } from '../takeover/sources.ts'
import { readJsonInput } from '../worker/input.ts'
import { pageOf } from '../worker/values.ts'
import { WorldStore } from '../world/world-store.ts'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Services } from './services.ts'

type TakeOverOperations =
  | 'takeover.sources'
  | 'takeover.import'
  | 'takeover.fetch'
  | 'world.list'
  | 'world.value'
  | 'world.remove'
  | 'world.restore'

/** A data set is kept byte for byte as it came. */
type Raw = { readonly text: string } | { readonly file: string }

const nothing = (kind: string, name: string, note: string): TakenOver => ({ kind, name, count: 0, to: 'nothing', note })

/** A world that begins with the first rows that are taken over: files without any leave the old one alone. */
class NewWorld implements Pick<WorldStore, 'merge'> {
  #begun: Promise<void> | null = null

  constructor(private readonly world: WorldStore) {}

  async merge(...rows: Parameters<WorldStore['merge']>): Promise<number> {
    this.#begun ??= this.world.clear()
    await this.#begun
    return this.world.merge(...rows)
  }
}

/** What people call an event; `/events/view/ID.json` would only be a number. */
function infoOf(value: Json): string | null {
  const info = dig(value, 'Event', 'info')
  return typeof info === 'string' && info.trim() !== '' ? info.slice(0, 200) : null
}

/** Where a key for a MISP is kept. */
const keyName = (address: string): string => `misp ${baseOf(address)}`

export const takeOverHandlers = (services: Services): Handlers<TakeOverOperations> => {
  const { workspace, uploads, keys, emit } = services
  const world = new WorldStore(join(workspace.folder, 'world'))
  const taking = (newWorld: boolean) => {
    const target = newWorld ? new NewWorld(world) : world
    return (value: Json, name: string, raw: Raw) => takeOver(services, target, { value, name, raw })
  }
  return {
    'takeover.sources': ({ address }) => sourcesFor(address === '' ? 'https://misp.example.org' : baseOf(address)),
    'takeover.import': async (given) => {
      workspace.assertWritable()
      if ('uploadId' in given && (await isLargeEvent(uploads.fileOf(given.uploadId))))
        return [await keepEvent(services, given.name, given.uploadId)]
      if ('text' in given) refuseManyNodes({ text: given.text }, 'holder', given.name)
      const value =
        'text' in given
          ? decodeJson(given.text, { name: given.name })
          : await readJsonInput(uploads.fileOf(given.uploadId), given.name, (bytes) =>
              refuseManyNodes({ text: bytes.toString('latin1') }, 'holder', given.name)
            )
      const raw = 'text' in given ? { text: given.text } : { file: uploads.fileOf(given.uploadId) }
      const taken = await taking(given.newWorld)(value, given.name, raw)
      if (taken.length === 0) {
        throw new CodedError('TAKE_OVER_UNKNOWN', `${given.name} is not a MISP API response that Retrace knows.`, {
          file: given.name
        })
      }
      if ('uploadId' in given) uploads.forget(given.uploadId)
      emit('workspace.changed', workspace.info())
      return taken
    },
    'takeover.fetch': async ({ address, key: given, keepKey, selfSigned, newWorld, what }, { signal, tell }) => {
      workspace.assertWritable()
      const take = taking(newWorld)
      const key = given ?? (await keys.get(keyName(address)))
      if (key === null || key === '')
        throw new CodedError('TAKE_OVER_FAILED', 'There is no key for this address.', { place: 'key' })
      const taken: TakenOver[] = []
      const refused: unknown[] = []
      const fetched: { readonly kind: string; readonly texts: readonly Fetched[] }[] = []
      const keepFetched = async ({ kind, texts }: (typeof fetched)[number]): Promise<void> => {
        for (const { name, text } of texts) {
          refuseManyNodes({ text }, 'holder', name)
          const value = decodeJson(text, { name })
          const found = await take(value, infoOf(value) ?? name, { text })
          taken.push(...(found.length > 0 ? found : [nothing(kind, name, 'MISP has none.')]))
        }
      }
      // Everything is there before the first of it is kept: who cancels finds the workspace as it was.
      let failed: unknown
      for (const [i, { kind, id }] of what.entries()) {
        tell(`Fetching ${kind} from ${address}`, i, what.length)
        try {
          fetched.push({ kind, texts: await fetchKind({ address, key, selfSigned, signal }, kind, id) })
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
      for (const one of fetched) await keepFetched(one)
      if (failed !== undefined) throw failed
      if (refused.length === what.length) throw refused[0]
      if (keepKey && given !== undefined) await keys.set(keyName(address), given)
      emit('workspace.changed', workspace.info())
      return taken
    },
    'world.list': () => world.list(),
    'world.value': async ({ part, path, offset, limit }) =>
      pageOf((await world.rows(part)) as Json, path, offset, limit),
    'world.remove': async ({ part }) => {
      workspace.assertWritable()
      await world.remove(part)
      return world.list()
    },
    'world.restore': async ({ part }) => {
      workspace.assertWritable()
      await world.restore(part)
      return world.list()
    }
  }
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

async function keepEvent(services: Services, name: string, uploadId: string): Promise<TakenOver> {
  const { uploads } = services
  const found: Sniffed = { to: 'data', kind: 'event', name, value: null, count: 1 }
  const taken = await keep(services, noWorld, found, { file: uploads.fileOf(uploadId) })
  uploads.forget(uploadId)
  return taken
}

/** What is no part of the world needs none. */
const noWorld: Pick<WorldStore, 'merge'> = { merge: () => Promise.resolve(0) }

async function takeOver(
  services: Services,
  world: Pick<WorldStore, 'merge'>,
  given: { readonly value: Json; readonly name: string; readonly raw: Raw }
): Promise<readonly TakenOver[]> {
  const taken: TakenOver[] = []
  for (const found of sniff(given.value, given.name)) taken.push(await keep(services, world, found, given.raw))
  return taken
}

async function keep(
  { workspace, trust, emit }: Services,
  world: Pick<WorldStore, 'merge'>,
  found: Sniffed,
  raw: Raw
): Promise<TakenOver> {
  switch (found.to) {
    case 'workflows': {
      const known = workspace.workflows.list().find(({ name }) => name === found.name)
      const taken = (id: string): boolean => workspace.workflows.list().some((workflow) => workflow.id === id)
      const id = known?.id ?? idFromName(found.name, taken)
      const saved = await workspace.workflows.save(id, found.workflow, 'imported from MISP')
      emit('workflows.changed', { changed: [saved], removed: [] })
      return {
        kind: found.kind,
        name: found.name,
        count: 1,
        to: 'workflows',
        id: saved.id,
        ...(known ? { note: 'a new version' } : {})
      }
    }
    case 'data': {
      const id = idFromName(found.name, (one) => workspace.data.list().some((known) => known.id === one))
      const added = await workspace.data.add(id, found.name, raw)
      emit('data.changed', { changed: [added], removed: [] })
      return { kind: found.kind, name: found.name, count: found.count, to: 'data', id }
    }
    case 'world': {
      const total = await world.merge(found.part, found.rows)
      return {
        kind: found.kind,
        name: found.part,
        count: found.rows.length,
        to: 'world',
        id: found.part,
        note: `${total} in all`
      }
    }
    case 'settings': {
      const { settings, unknown } = parseMispSettings(found.settings)
      const count = Object.keys(settings).length
      if (count > 0) await trust.take(settings)
      const note = unknown.length === 0 ? {} : { note: `ignored, not MISP settings: ${nameSettings(unknown)}` }
      return { kind: found.kind, name: found.kind, count, to: count > 0 ? 'settings' : 'nothing', ...note }
    }
  }
}
