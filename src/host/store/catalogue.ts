// catalogue.json: the workspace's name, its settings and small indexes; never data. lowdb keeps it in memory; our adapter adds what
// lowdb lacks (fsync, `.bad`, migrations).
import { Low } from 'lowdb'
import type { Adapter } from 'lowdb'
import type { JsonMap } from '../../contract/json.ts'
import { readJson, writeAtomic } from './files.ts'
import { currentVersion, migrate } from './migrations.ts'

export interface CatalogueFile {
  readonly version: number
  name: string
  readonly createdAt: string
  settings: JsonMap
}

export type Catalogue = Low<CatalogueFile>

/** Opens the catalogue; `writable` false keeps changes in memory. Throws STORE_FILE_UNREADABLE after putting a broken file aside. */
export async function openCatalogue(file: string, name: string, writable: () => boolean): Promise<Catalogue> {
  const adapter: Adapter<CatalogueFile> = {
    async read() {
      const raw = await readJson(file)
      return raw === null ? null : (migrate('catalogue', raw, 'catalogue.json') as unknown as CatalogueFile)
    },
    async write(data) {
      if (writable()) await writeAtomic(file, JSON.stringify(data, null, 2) + '\n')
    }
  }
  const fresh: CatalogueFile = {
    version: currentVersion('catalogue'),
    name,
    createdAt: new Date().toISOString(),
    settings: {}
  }
  const catalogue = new Low(adapter, fresh)
  await catalogue.read()
  return catalogue
}
