// A saved answer of MISP's API, taken apart: rows go into the world at once, of the rest only what is kept comes back.
import type { TakenOver } from '../../contract/effects.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
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
  | { readonly to: 'settings'; readonly kind: string; readonly settings: JsonMap; readonly note: string | null }

export interface TakenApart {
  readonly found: readonly Found[]
  /** A new world was asked for and its first rows came. */
  readonly began: boolean
}

interface Asked {
  readonly given: GivenText
  readonly name: string
  /** An event is called by its info. */
  readonly byInfo: boolean
  readonly worldFolder: string
  /** What the world holds goes to the bin before the first rows come; a text without any leaves it alone. */
  readonly newWorld: boolean
}

export async function takeApart({ given, name, byInfo, worldFolder, newWorld }: Asked): Promise<TakenApart> {
  const value = await parseGiven(given, name, (text) => refuseManyNodes({ text }, 'holder', name))
  const world = new WorldStore(worldFolder)
  const called = (byInfo ? infoOf(value) : null) ?? name
  const size = await sizeOf(given)
  const found: Found[] = []
  let began = false
  for (const one of sniff(value, called)) {
    if (newWorld && !began && one.to === 'world') {
      await world.clear()
      began = true
    }
    found.push(await take(one, world, { called, size }))
  }
  return { found, began }
}

async function take(
  one: Sniffed,
  world: WorldStore,
  { called, size }: { readonly called: string; readonly size: number }
): Promise<Found> {
  const { kind } = one
  switch (one.to) {
    case 'workflows':
      refuseLongWorkflow(Math.min(size, lengthOf(one.workflow, size)), called)
      return { to: 'workflows', kind, name: one.name, workflow: one.workflow }
    case 'data':
      return { to: 'data', kind, name: one.name, count: one.count }
    case 'world': {
      const total = await world.merge(one.part, one.rows)
      const taken = { kind, name: one.part, count: one.rows.length, to: 'world', id: one.part } as const
      return { to: 'taken', taken: { ...taken, note: `${total} in all` } }
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
