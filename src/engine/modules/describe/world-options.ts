// Option lists that MISP's module constructors read from the database or from the misp-modules service.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { WorldOptions } from '../define.ts'

const text = (value: Json | undefined): string => (value === undefined || value === null ? '' : plainText(value))
const on = (value: Json | undefined): boolean =>
  value !== undefined && !['', '0', 'false', 'null'].includes(text(value))
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `{id: name}`, MISP's find('list'). PHP shows a map without entries as a list. */
const idToName = (rows: readonly JsonMap[] | undefined): Json => {
  const entries = (rows ?? []).map((row) => [text(row.id), text(row.name)] as const)
  return entries.length === 0 ? [] : Object.fromEntries(entries)
}

/** Names of tags that are no galaxy tags, by name (the column sorts by bytes). */
export const tags = ({ world }: WorldOptions): JsonMap => ({
  options: (world.tags ?? [])
    .filter((tag) => !on(tag.is_galaxy))
    .map((tag) => text(tag.name))
    .sort(byText)
})

/** Galaxy tags without `misp-galaxy:` (Module_tag_if::getDisplayTag). */
export const clusters = ({ world }: WorldOptions): JsonMap => ({
  options: (world.tags ?? [])
    .filter((tag) => on(tag.is_galaxy))
    .map((tag) => text(tag.name))
    .sort(byText)
    .map((name) => name.slice('misp-galaxy:'.length))
})

export const organisations = ({ world }: WorldOptions): JsonMap => ({ options: idToName(world.organisations) })

export const sharingGroups = ({ world }: WorldOptions): JsonMap => ({ options: idToName(world.sharing_groups) })

export const decayingModels = ({ world }: WorldOptions): JsonMap => ({
  options: idToName((world.decaying_models ?? []).filter((model) => on(model.enabled)))
})

export const customWarninglists = ({ world }: WorldOptions): JsonMap => {
  const lists = (world.warninglists ?? []).filter((list) => on(list.enabled) && !on(list.default))
  return {
    options: idToName(lists),
    picker_options: {
      placeholder_text:
        lists.length > 0 ? 'Pick an active custom warninglist' : 'No active custom warninglist available'
    }
  }
}

export const enabledWarninglists = ({ world }: WorldOptions): JsonMap => {
  const names = (world.warninglists ?? []).filter((list) => on(list.enabled)).map((list) => text(list.name))
  return { options: ['ALL', ...new Set(names)].sort(byText) }
}

const emails = ({ world }: WorldOptions): string[] => (world.users ?? []).map((user) => text(user.email))

export const recipients = (from: WorldOptions): JsonMap => ({
  options: ['All accounts', 'All admins', ...emails(from)]
})

export const logRecipients = (from: WorldOptions): JsonMap => ({
  options: ['All accounts', 'All admins', 'Org admins', ...emails(from)]
})

export const enrichmentPicker = ({ enrichmentModules }: WorldOptions): JsonMap =>
  enrichmentModules === null || enrichmentModules.length === 0
    ? {
        disabled: true,
        options: [],
        picker_options: { placeholder_text_multiple: 'No enrichment module available' }
      }
    : { disabled: false, options: ['', ...enrichmentModules].sort(byText), picker_options: [] }

/** The service's refusal is shown as the only option (Module_enrich_event::__construct). */
export const enrichmentSelect = ({ enrichmentModules }: WorldOptions): JsonMap => ({
  options: enrichmentModules === null ? ['Module service not reachable.'] : ['', ...enrichmentModules].sort(byText)
})
