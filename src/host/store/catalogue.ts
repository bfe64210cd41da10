// catalogue.json: the workspace's identity and name, MISP's settings, Retrace's own settings; never data. lowdb keeps it in memory; our adapter adds what
// lowdb lacks (fsync, `.bad`, migrations).
import { Low } from 'lowdb'
import type { Adapter } from 'lowdb'
import { randomUUID } from 'node:crypto'
import type { Json, JsonMap } from '../../contract/json.ts'
import { mayBeWritten, writeAtomic } from './files.ts'
import { currentVersion } from './migrations.ts'
import { readOrReport, type Care } from './reading.ts'
import { catalogueShape, storedVersions } from './schemas.ts'
import type { StoredVersions } from './schemas.ts'
import { nameSettings, noSettings, parseMispSettings } from '../../contract/misp-settings.ts'
import type { MispSettings } from '../../contract/misp-settings.ts'
import { parseOwnSettings } from '../../contract/own-settings.ts'
import type { OwnSettings } from '../../contract/own-settings.ts'
import { isMap } from '../../engine/php/values.ts'
import { newestProfile } from '../../engine/profiles/profiles.ts'

interface CatalogueFile {
  readonly version: number
  /** Tells this workspace from others in the user's own folder. */
  readonly id: string
  name: string
  readonly createdAt: string
  /** MISP's. */
  settings: MispSettings
  /** Retrace's own; off until a person of this machine set or allowed it (host/trust). */
  own: OwnSettings
  /** Which MISP the workspace is treated as; absent in one from before there were profiles. */
  versions?: StoredVersions
  /** What stood in the file and is neither: kept, not used. */
  readonly unknown?: JsonMap
}

export type Catalogue = Low<CatalogueFile>

/** Takes settings by their names; the others are reported and kept. */
function takeSettings(raw: Record<string, unknown>, care: Care): CatalogueFile {
  const report = (message: string): void =>
    care.report({ file: 'catalogue.json', code: 'SETTING_INVALID', message, keptAs: null })
  const { settings, unknown } = parseMispSettings(raw.settings)
  const { own, broken } = parseOwnSettings(raw.own)
  const versions = storedVersions.safeParse(raw.versions ?? {})
  if (!versions.success) report('catalogue.json: unreadable versions, ignored.')
  const left = {
    ...(versions.success ? {} : { versions: raw.versions as Json }),
    ...Object.fromEntries(unknown.map((name) => [name, (raw.settings as JsonMap)[name]])),
    ...Object.fromEntries(broken.map((name) => [`own.${name}`, (raw.own as JsonMap)[name]]))
  }
  if (unknown.length > 0) report(`catalogue.json: not MISP settings, ignored: ${nameSettings(unknown)}.`)
  if (broken.length > 0) report(`catalogue.json: unreadable settings, ignored: ${nameSettings(broken)}.`)
  const known = isMap((raw.unknown ?? null) as JsonMap) ? (raw.unknown as JsonMap) : {}
  const kept = { ...known, ...left }
  const id = typeof raw.id === 'string' && /^[\w-]{8,64}$/.test(raw.id) ? raw.id : randomUUID()
  const { versions: _unread, ...rest } = raw
  return {
    ...(rest as unknown as CatalogueFile),
    ...{ id, settings, own },
    ...(versions.success && raw.versions !== undefined ? { versions: versions.data } : {}),
    ...(Object.keys(kept).length > 0 ? { unknown: kept as JsonMap } : {})
  }
}

const maxBytes = 16 * 1024 * 1024

/**
 * Opens the catalogue; one that cannot be read is reported and kept, and a new one begins. Where it may not be written changes stay in memory.
 * @param isNew there was no workspace before: it begins with the newest MISP
 */
export async function openCatalogue(file: string, name: string, care: Care, isNew: boolean): Promise<Catalogue> {
  const adapter: Adapter<CatalogueFile> = {
    async read() {
      const raw = await readOrReport(file, catalogueShape, care, { name: 'catalogue.json', maxBytes })
      return raw === null ? null : takeSettings(raw, care)
    },
    async write(data) {
      if (care.writable()) await writeAtomic(file, JSON.stringify(data, null, 2) + '\n')
    }
  }
  const fresh: CatalogueFile = {
    version: currentVersion('catalogue'),
    id: randomUUID(),
    name,
    createdAt: new Date().toISOString(),
    settings: noSettings,
    own: {},
    ...(isNew ? { versions: { workspace: { profile: newestProfile, how: 'new', evidence: [] } } } : {})
  }
  const catalogue = new Low(adapter, fresh)
  await catalogue.read()
  // A newer Retrace's one stays as it is.
  if (care.writable() && mayBeWritten(file)) await catalogue.write()
  return catalogue
}
