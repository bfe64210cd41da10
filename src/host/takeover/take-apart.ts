// A saved answer of MISP's API, taken apart: rows go into the world at once, of the rest only what is kept comes back.
import type { TakenOver } from '../../contract/effects.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { append } from '../../contract/lists.ts'
import { plural } from '../../contract/words.ts'
import type { Failure } from '../../contract/wire.ts'
import { nameSettings, parseMispSettings } from '../../contract/misp-settings.ts'
import { refuseLongWorkflow, refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { dig } from '../../engine/php/values.ts'
import { parseGiven, sizeOf, type GivenText } from '../aside/given-text.ts'
import { WorldStore } from '../world/world-store.ts'
import { sniff, type Sniffed } from './sniff.ts'

export type Found =
  | { readonly to: 'taken'; readonly taken: TakenOver }
  | { readonly to: 'workflows'; readonly kind: string; readonly name: string; readonly workflow: JsonMap }
  | { readonly to: 'data'; readonly kind: string; readonly name: string; readonly count: number }
  | Extract<Sniffed, { to: 'version' | 'nothing' }>
  | { readonly to: 'settings'; readonly kind: string; readonly settings: JsonMap; readonly note: string | null }

export interface TakenApart {
  /** For each text, what was found in it, or why it cannot be read. */
  readonly texts: readonly (readonly Found[] | Failure)[]
  /** A new world was asked for and its first rows came. */
  readonly began: boolean
}

export interface NamedText {
  readonly given: GivenText
  readonly name: string
}

interface Asked {
  readonly given: readonly NamedText[]
  /** An event is called by its info. */
  readonly byInfo: boolean
  readonly worldFolder: string
  /** What the world holds goes to the bin before the first rows come; texts without any leave it alone. */
  readonly newWorld: boolean
}

/** Rows wait until all texts were read: a part of the world is read and written once, not once for each of hundreds of lists. */
export async function takeApart({ given, byInfo, worldFolder, newWorld }: Asked): Promise<TakenApart> {
  const rows = new Map<string, JsonMap[]>()
  const texts: (readonly Found[] | Failure)[] = []
  for (const one of given) {
    try {
      texts.push(await sortOut(one, byInfo, rows))
    } catch (error) {
      if (!isOfText(error)) throw error
      texts.push({ code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) })
    }
  }
  const world = new WorldStore(worldFolder)
  const began = newWorld && rows.size > 0
  if (began) await world.clear()
  const totals = new Map<string, number>()
  for (const [part, all] of rows) totals.set(part, await world.merge(part, all))
  const told = (one: Found): Found =>
    one.to === 'taken'
      ? {
          to: 'taken',
          taken: { ...one.taken, note: `World now has ${plural(totals.get(one.taken.name) ?? 0, 'row')}` }
        }
      : one
  return { texts: texts.map((one) => (isFailure(one) ? one : one.map(told))), began }
}

export const isFailure = (one: readonly unknown[] | Failure): one is Failure => !Array.isArray(one)

/** Something is wrong with the text itself. */
const isOfText = (error: unknown): error is CodedError =>
  error instanceof CodedError && /^(INPUT|WORKFLOW)_/.test(error.code)

async function sortOut(
  { given, name }: NamedText,
  byInfo: boolean,
  rows: Map<string, JsonMap[]>
): Promise<readonly Found[]> {
  const value = await parseGiven(given, name, (text) => refuseManyNodes({ text }, 'holder', name))
  const called = (byInfo ? infoOf(value) : null) ?? name
  const size = await sizeOf(given)
  const own = new Map<string, JsonMap[]>()
  const found = [...sniff(value, called)].map((one) => sortOne(one, own, { called, size }))
  // Only now: of a text that is refused nothing is kept.
  for (const [part, more] of own) waitingFor(rows, part, more)
  return found
}

function waitingFor(rows: Map<string, JsonMap[]>, part: string, more: readonly JsonMap[]): void {
  const waiting = rows.get(part) ?? []
  append(waiting, more)
  rows.set(part, waiting)
}

function sortOne(
  one: Sniffed,
  rows: Map<string, JsonMap[]>,
  { called, size }: { readonly called: string; readonly size: number }
): Found {
  const { kind } = one
  switch (one.to) {
    case 'workflows':
      refuseLongWorkflow(Math.min(size, lengthOf(one.workflow, size)), called)
      return { to: 'workflows', kind, name: one.name, workflow: one.workflow }
    case 'version':
    case 'nothing':
      return one
    case 'data':
      return { to: 'data', kind, name: one.name, count: one.count }
    case 'world': {
      waitingFor(rows, one.part, one.rows)
      return { to: 'taken', taken: { kind, name: one.part, count: one.rows.length, to: 'world', id: one.part } }
    }
    case 'settings': {
      const { settings, unknown } = parseMispSettings(one.settings)
      if (lengthOf(settings, size) > mostOfSettings)
        throw new CodedError(
          'INPUT_TOO_LARGE',
          `${called}: its settings take more than ${mostOfSettings} characters.`,
          {
            file: called
          }
        )
      return { to: 'settings', kind, settings, note: unknown.length === 0 ? null : nameSettings(unknown) }
    }
  }
}

/** Of all settings of MISP together: a real MISP's are a hundredth of it. */
const mostOfSettings = 2 * 1024 * 1024

/** Not measured where the whole text is small. */
const lengthOf = (value: Json, size: number): number => (size < mostOfSettings ? size : JSON.stringify(value).length)

/** What people call an event; `/events/view/ID.json` would only be a number. */
function infoOf(value: Json): string | null {
  const info = dig(value, 'Event', 'info')
  return typeof info === 'string' && info.trim() !== '' ? info.slice(0, 200) : null
}
