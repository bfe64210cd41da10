// The demonstrations under resources/workspaces: each is a folder that can be opened as a workspace of its own (with `--workspace`),
// or copied into the one that is open.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoSummary, OpenedDemo } from '../../contract/editing.ts'
import type { MockSet } from '../../contract/effects.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { isMap } from '../../engine/php/values.ts'
import type { Handlers } from '../registry/registry.ts'
import { findResource } from '../resources.ts'
import { DataSets } from '../store/data-sets.ts'
import { writeAtomic } from '../store/files.ts'
import { NamedFiles } from '../store/named-files.ts'
import { orReport, parseJson, readText, type Care } from '../store/reading.ts'
import { mocksShape } from '../store/schemas.ts'
import { Workflows } from '../store/workflows.ts'
import type { Services } from './services.ts'

const findDemos = (): string | null => findResource('workspaces')

interface DemoFile {
  readonly title: string
  readonly description: string
  readonly order: number
}

/** What comes with Retrace is only looked at. */
const ignore: Care = { report: () => undefined, writable: () => false }

async function readDemo(folder: string, id: string): Promise<DemoSummary & { readonly order: number }> {
  const { title, description, order } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')) as DemoFile
  const workflows = (await Workflows.open(join(folder, 'workflows'), ignore)).list().map(({ name }) => name)
  const data = (await DataSets.open(join(folder, 'data'), ignore)).list().map(({ name }) => name)
  return { id, title, description, order, workflows, data }
}

export const demoHandlers = (services: Services): Handlers<'workspace.demos' | 'workspace.openDemo'> => ({
  'workspace.demos': async () => {
    const root = findDemos()
    if (root === null) return []
    const found = await Promise.all(
      (await readdir(root))
        .filter((id) => existsSync(join(root, id, 'demo.json')))
        .map((id) => readDemo(join(root, id), id))
    )
    return found.sort((a, b) => a.order - b.order).map(({ order: _order, ...demo }) => demo)
  },
  'workspace.openDemo': async ({ id }) => {
    const { workspace, emit } = services
    workspace.assertWritable()
    const root = findDemos()
    const folder = root !== null && /^[a-z0-9-]+$/.test(id) ? join(root, id) : null
    if (folder === null || !existsSync(join(folder, 'demo.json')))
      throw new CodedError('DEMO_NOT_FOUND', `There is no demonstration "${id}".`)
    const opened = await copyDemo(services, folder)
    emit('workflows.changed', {
      changed: workspace.workflows.list().filter((one) => opened.workflows.some(({ id: known }) => known === one.id)),
      removed: []
    })
    emit('data.changed', { changed: opened.data.map((one) => workspace.data.get(one.id)), removed: [] })
    emit('workspace.changed', workspace.info())
    return opened
  }
})

/** A workflow or data set that is here under its id already is left as it is: it may have been changed since. */
async function copyDemo(services: Services, folder: string): Promise<OpenedDemo> {
  const { workspace } = services
  const from = await Workflows.open(join(folder, 'workflows'), ignore)
  const workflows: { id: string; name: string }[] = []
  for (const { id, name, note } of from.list()) {
    if (!workspace.workflows.list().some((known) => known.id === id))
      await workspace.workflows.save(id, from.get(id).workflow, note, from.textOf(id))
    workflows.push({ id, name })
  }
  const sets = await DataSets.open(join(folder, 'data'), ignore)
  const data: { id: string; name: string }[] = []
  for (const { id, name } of sets.list()) {
    const known = workspace.data.list().some((one) => one.id === id)
    if (!known) await workspace.data.add(id, name, { text: await readFile(sets.fileOf(id), 'utf8') })
    data.push({ id, name })
  }
  await mergeWorld(join(folder, 'world'), join(workspace.folder, 'world'), workspace.care)
  await copyMocks(services, folder)
  data.sort((a, b) => a.name.localeCompare(b.name))
  return { workflows, data }
}

async function readJson(file: string, name: string): Promise<Json> {
  const text = await readText(file, { name })
  return text === null ? null : (parseJson(text, name) as Json)
}

const keyOf = (row: Json): string => {
  const outer = (typeof row === 'object' && row !== null ? row : {}) as JsonMap
  const inner = Object.values(outer).find((value) => typeof value === 'object' && value !== null) as JsonMap | undefined
  const fields = outer.name === undefined && outer.email === undefined && inner ? inner : outer
  return String(fields.email ?? fields.name ?? fields.uuid ?? fields.id)
}

/** Rows of the demonstration's world that this workspace does not have (by name or address) are added, under free ids. */
async function mergeWorld(from: string, to: string, care: Care): Promise<void> {
  if (!existsSync(from)) return
  for (const name of (await readdir(from)).filter((file) => file.endsWith('.json'))) {
    const added = await readJson(join(from, name), `world/${name}`)
    const own = await orReport(join(to, name), care, `world/${name}`, () => readJson(join(to, name), `world/${name}`))
    if (own === null || !Array.isArray(own) || !Array.isArray(added)) {
      if (own === null) await writeAtomic(join(to, name), JSON.stringify(added, null, 1) + '\n')
      continue
    }
    const known = new Set(own.map(keyOf))
    const missing = withFreeIds(
      (added as readonly Json[]).filter((row) => !known.has(keyOf(row))),
      own as readonly Json[]
    )
    if (missing.length > 0) await writeAtomic(join(to, name), JSON.stringify([...own, ...missing], null, 1) + '\n')
  }
}

/** The rows, with another id where one of `taken` has theirs; wrapped rows (`{"Tag": {…}}`) stay wrapped. */
function withFreeIds(rows: readonly Json[], taken: readonly Json[]): readonly Json[] {
  const wrapperOf = (row: JsonMap): string | undefined => Object.keys(row).find((key) => isMap(row[key] ?? null))
  const bodyOf = (row: Json): JsonMap => {
    const outer = isMap(row) ? row : {}
    const wrapper = outer['id'] === undefined ? wrapperOf(outer) : undefined
    return wrapper === undefined ? outer : (outer[wrapper] as JsonMap)
  }
  const ids = new Set([...taken, ...rows].map((row) => Number(bodyOf(row)['id'])).filter(Number.isFinite))
  const occupied = new Set(taken.map((row) => String(bodyOf(row)['id'])))
  let last = Math.max(0, ...ids)
  return rows.map((row) => {
    const body = bodyOf(row)
    if (body['id'] === undefined || !occupied.has(String(body['id']))) return row
    const free = { ...body, id: String(++last) }
    return body === row ? free : { ...(row as JsonMap), [wrapperOf(row as JsonMap) as string]: free }
  })
}

/** Recorded answers of services: sets of mocks for the demonstration's workflows. */
async function copyMocks({ mocks }: Services, folder: string): Promise<void> {
  const known = new Set(await mocks.ids())
  for (const set of await new NamedFiles<MockSet>(join(folder, 'mocks'), mocksShape, ignore).list())
    if (!known.has(set.id)) await mocks.save(set)
}
