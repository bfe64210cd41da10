// The demonstrations under resources/workspaces. Each is opened as a workspace of its own, a copy in the person's folder: what they do
// there stays there, and nothing of it comes into their own workspace.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CodedError } from '../../contract/errors.ts'
import type { DemoSummary } from '../../contract/workspaces.ts'
import { findResource } from '../resources.ts'
import { DataSets } from '../store/data-sets.ts'
import { copyPrivate } from '../store/files.ts'
import type { Care } from '../store/reading.ts'
import { Workflows } from '../store/workflows.ts'

const demoFile = z.object({
  title: z.string(),
  description: z.string(),
  order: z.number(),
  /** What to look at first; the list of workflows by default. */
  start: z.string().default('#/workflows')
})
type DemoFile = z.output<typeof demoFile>

/** What comes with Retrace is only looked at. */
const ignore: Care = { report: () => undefined, writable: () => false }

const read = async (folder: string): Promise<DemoFile> =>
  demoFile.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')))

async function summaryOf(folder: string, id: string): Promise<DemoSummary & { readonly order: number }> {
  const { title, description, order } = await read(folder)
  const workflows = (await Workflows.open(join(folder, 'workflows'), ignore)).list().map(({ name }) => name)
  const data = (await DataSets.open(join(folder, 'data'), ignore)).list().map(({ name }) => name)
  return { id, title, description, order, workflows, data }
}

export async function listDemonstrations(): Promise<readonly DemoSummary[]> {
  const root = findResource('workspaces')
  if (root === null) return []
  const ids = (await readdir(root)).filter((id) => existsSync(join(root, id, 'demo.json')))
  const found = await Promise.all(ids.map((id) => summaryOf(join(root, id), id)))
  return found.sort((a, b) => a.order - b.order).map(({ order: _order, ...demo }) => demo)
}

/** Copies a demonstration below `folder` unless it is there. Throws DEMO_NOT_FOUND. */
export async function placeDemonstration(
  folder: string,
  id: string
): Promise<{ readonly folder: string; readonly start: string }> {
  const root = findResource('workspaces')
  const from = root !== null && /^[a-z0-9-]+$/.test(id) ? join(root, id) : null
  if (from === null || !existsSync(join(from, 'demo.json')))
    throw new CodedError('DEMO_NOT_FOUND', `There is no demonstration “${id}”.`)
  const to = join(folder, 'demonstrations', id)
  if (!existsSync(join(to, 'catalogue.json'))) copyPrivate(from, to)
  return { folder: to, start: (await read(from)).start }
}
