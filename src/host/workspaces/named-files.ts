// What a person may call by its name: workflows, data sets and sets of mocks, each with the file that it lies in. Folders are only looked at.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findResource } from '../resources.ts'
import { DataSets } from '../store/data-sets.ts'
import { NamedFiles } from '../store/named-files.ts'
import type { Care } from '../store/reading.ts'
import { mocksShape } from '../store/schemas.ts'
import { Workflows } from '../store/workflows.ts'

export interface NamedFile {
  readonly id: string
  readonly name: string
  readonly file: string
}

export interface FilesByName {
  readonly workflow: readonly NamedFile[]
  readonly 'data set': readonly NamedFile[]
  readonly 'set of mocks': readonly NamedFile[]
}

/** Problems are told by who opens the workspace. */
const ignore: Care = { report: () => undefined, writable: () => false }

/** Of a workspace; none where there is no folder. */
export async function filesByName(folder: string): Promise<FilesByName> {
  const [workflows, data, mocks] = await Promise.all([
    Workflows.open(join(folder, 'workflows'), ignore),
    DataSets.open(join(folder, 'data'), ignore),
    new NamedFiles(join(folder, 'mocks'), mocksShape, ignore).list()
  ])
  return {
    workflow: workflows
      .list()
      .map(({ id, name, version }) => ({ id, name, file: join(folder, 'workflows', id, `${version}.json`) })),
    'data set': data.list().map(({ id, name }) => ({ id, name, file: data.fileOf(id) })),
    'set of mocks': mocks.map(({ id, name }) => ({ id, name, file: join(folder, 'mocks', `${id}.json`) }))
  }
}

/** Of all demonstrations together. */
export async function demonstrationFiles(): Promise<FilesByName> {
  const root = findResource('workspaces')
  const ids = root === null ? [] : (await readdir(root)).filter((id) => existsSync(join(root, id, 'demo.json')))
  const each = await Promise.all(ids.sort().map((id) => filesByName(join(root ?? '', id))))
  return {
    workflow: each.flatMap(({ workflow }) => workflow),
    'data set': each.flatMap((one) => one['data set']),
    'set of mocks': each.flatMap((one) => one['set of mocks'])
  }
}
