import { plainText, type Json, type JsonMap } from '../../../../contract/json.ts'
import { inArray, looseEquals } from '../../../php/compare.ts'
import { expectArray, isEmpty } from '../../../php/values.ts'
import { getMatchingItemsForAttributes } from '../../../conditions/conditions.ts'
import { isMap, at, values, withKey } from '../../../php/values.ts'
import { isOn } from '../../../world/models/env.ts'
import type { ListToMatch, WarninglistRow } from '../../../world/world.ts'
import { WarninglistChecker, type LoadedWarninglist } from '../../../world/warninglists.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf, overrideAttributes, rememberAttributes, rowArgument } from '../../shared/attributes.ts'
import { nodeData } from '../../shared/params.ts'

/** Entries as the Warninglist model first read them: it keeps them for as long as the process lives. */
function loadedList(ctx: ModuleContext, row: WarninglistRow): LoadedWarninglist {
  const cache =
    (ctx.world.process.get('Warninglist::$entriesCache') as Map<string, ListToMatch> | undefined) ?? new Map()
  ctx.world.process.set('Warninglist::$entriesCache', cache)
  const toMatch = (): ListToMatch => {
    const list = cache.get(row.id) ?? ctx.world.warninglistToMatch(row.id)
    cache.set(row.id, list)
    return list
  }
  return { row, entries: () => toMatch().entries(), toMatch }
}

type Choose = (lists: readonly WarninglistRow[], names: Json) => readonly WarninglistRow[]

const chooseSeveral: Choose = (enabled, names) => {
  const wanted = expectArray(typeof names === 'string' ? [names] : names, 'in_array(): Argument #2 ($haystack)')
  return inArray('ALL', wanted) ? enabled : enabled.filter((list) => inArray(list.name, wanted))
}

/** Version 0.1 knows one name, or `ALL`. */
const chooseOne: Choose = (enabled, name) =>
  looseEquals(name, 'ALL') ? enabled : enabled.filter((list) => looseEquals(list.name, name))

function checkerFor(ctx: ModuleContext, names: Json, choose: Choose): WarninglistChecker {
  const lists = choose(
    ctx.world.warninglists().filter((list) => list.enabled),
    names
  )
  const loaded = lists.map((row) => loadedList(ctx, row))
  return new WarninglistChecker(loaded, isOn(ctx, 'MISP.warning_for_all'))
}

/** Event.warnings: each list that matched once. */
function summarise(checked: readonly JsonMap[]): Json[] {
  const byList = new Map<string, Json>()
  for (const attribute of checked) {
    for (const warning of values(attribute.warnings)) {
      const id = at(warning, 'warninglist_id') ?? null
      const name = at(warning, 'warninglist_name') ?? null
      byList.set(plainText(id as string), { id, name, category: at(warning, 'warninglist_category') ?? null })
    }
  }
  return [...byList.values()]
}

/** Module_attach_warninglist::exec. Only attributes with the IDS flag are checked, unless MISP.warning_for_all is on. */
const attach = (choose: Choose): Execute =>
  function* (ctx) {
    const lookup = rememberAttributes(ctx)
    const data = ctx.getData()
    const { warninglists = '' } = yield* ctx.params()
    if (isEmpty(warninglists)) {
      ctx.addError('No warninglist module selected')
      return false
    }
    const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))
    const checker = checkerFor(ctx, warninglists, choose)
    const rows = items.map((item) => rowArgument(item, 'Warninglist::checkForWarning(): Argument #1 ($object)'))
    const checked = rows.map((row) => checker.check(row))
    const changed = overrideAttributes(
      data,
      lookup,
      rows.map((row, index) => [row, checked[index] as JsonMap])
    )
    const event = isMap(changed.Event) ? changed.Event : {}
    ctx.setData({ ...changed, Event: withKey(event, 'warnings', summarise(checked)) })
    return true
  }

export const execute = attach(chooseSeveral)
export const versions = { '2.4.177': { execute: attach(chooseOne) } }
