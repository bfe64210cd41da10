// catalogue.json: the workspace's name, its settings and small indexes; never data. lowdb keeps it in memory; our adapter adds what
// lowdb lacks (fsync, `.bad`, migrations).
import { Low } from 'lowdb'
import type { Adapter } from 'lowdb'
import type { JsonMap } from '../../contract/json.ts'
import { mayBeWritten, writeAtomic } from './files.ts'
import { currentVersion } from './migrations.ts'
import { readOrReport, type Care } from './reading.ts'
import { catalogueShape } from './schemas.ts'

export interface CatalogueFile {
  readonly version: number
  name: string
  readonly createdAt: string
  settings: JsonMap
}

export type Catalogue = Low<CatalogueFile>

const maxBytes = 16 * 1024 * 1024

/** Opens the catalogue; one that cannot be read is reported and kept, and a new one begins. Where it may not be written changes stay in memory. */
export async function openCatalogue(file: string, name: string, care: Care): Promise<Catalogue> {
  const adapter: Adapter<CatalogueFile> = {
    read: () => readOrReport<CatalogueFile>(file, catalogueShape, care, { name: 'catalogue.json', maxBytes }),
    async write(data) {
      if (care.writable()) await writeAtomic(file, JSON.stringify(data, null, 2) + '\n')
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
  // A newer Retrace's one stays as it is.
  if (care.writable() && mayBeWritten(file)) await catalogue.write()
  return catalogue
}
