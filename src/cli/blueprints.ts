// `retrace blueprints`: those of a workspace; with files or folders these are imported first, as MISP updates its own.
import { append } from '../contract/lists.ts'
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { plural } from '../contract/words.ts'
import type { BlueprintImport, BlueprintSummary } from '../contract/editing.ts'
import { CodedError } from '../contract/errors.ts'
import { splitList } from '../engine/graph/split-list.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { listGiven, readGiven } from '../host/store/given-file.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

export const blueprintsCommand: Command = async (context) => {
  const kinds = { workspace: 'text', force: 'flag', json: 'flag', pick: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 1000 })
  if (words.length === 0) {
    const list = await withHost(context, options.workspace, { looks: true }, (host) => host.ask('blueprints.list', {}))
    if (options.json) context.print(JSON.stringify(list))
    else {
      for (const one of list) printOne(context, '', one)
      context.print(plural(list.length, 'blueprint'))
    }
    return 0
  }
  const done = await withHost(context, options.workspace, { looks: false }, (host) => importAll(host, words, options))
  if (options.json) context.print(JSON.stringify(done))
  else printImport(context, done)
  return done.failed.length > 0 ? 1 : 0
}

interface Choices {
  readonly force: boolean
  /** Of a list one; else all of it. */
  readonly pick?: string | undefined
}

/** Those of a folder are default ones, as those of the repository's checkout are in MISP. */
async function importAll(
  host: ConnectedHost,
  places: readonly string[],
  { force, pick }: Choices
): Promise<BlueprintImport> {
  const parts: BlueprintImport[] = []
  for (const place of places) {
    const info = await stat(place).catch(() => null)
    if (info === null) throw new CodedError('FILE_NOT_FOUND', `${place} does not exist.`, { file: place })
    const repository = info.isDirectory()
    const files = repository ? jsonFilesIn(place) : [place]
    if (files.length === 0) throw new CodedError('FILE_NOT_FOUND', `${place} contains no JSON file.`, { file: place })
    for (const file of files) {
      const name = repository ? relative(place, file) : file
      const text = await textOf(file, name, repository).catch((error: unknown) => {
        if (repository && error instanceof CodedError) return error
        throw error
      })
      // One at a time: a folder of them is never in memory as a whole.
      if (typeof text !== 'string') parts.push(failedWith(name, text.message))
      else
        for (const one of splitList(text, name, pick))
          parts.push(await host.ask('blueprints.import', { files: [{ name, text: one }], repository, force }))
    }
  }
  return {
    added: parts.flatMap(({ added }) => added),
    updated: parts.flatMap(({ updated }) => updated),
    unchanged: parts.flatMap(({ unchanged }) => unchanged),
    failed: parts.flatMap(({ failed }) => failed)
  }
}

/** Longer than any blueprint is taken. */
const mostBytes = 32 * 1024 * 1024

/** In a folder nobody named it: only a regular file is meant. */
async function textOf(file: string, name: string, regular: boolean): Promise<string> {
  const info = await stat(file).catch(() => null)
  if (regular && info?.isFile() !== true)
    throw new CodedError('FILE_UNREADABLE', `${name} cannot be read: it is not a regular file.`, { file: name })
  const size = info?.size ?? 0
  if (size > mostBytes)
    throw new CodedError('INPUT_TOO_LARGE', `${name} has ${size} bytes; the limit is ${mostBytes}.`, { file: name })
  return (await readGiven(file, name)).toString('utf8')
}

const failedWith = (name: string, message: string): BlueprintImport => ({
  ...{ added: [], updated: [], unchanged: [] },
  failed: [{ name, message }]
})

/** Hidden folders, such as a checkout's own, are left out. */
function jsonFilesIn(folder: string): string[] {
  const found: string[] = []
  for (const entry of listGiven(folder)) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) append(found, jsonFilesIn(path))
    else if (/\.json$/i.test(entry.name)) found.push(path)
  }
  return found.sort()
}

function printOne({ print, color }: CommandContext, state: string, one: BlueprintSummary): void {
  const { bold, dim } = createStyle(color)
  const date = one.timestamp > 0 ? new Date(one.timestamp * 1000).toISOString().slice(0, 10) : 'no date'
  const kind = one.default ? ' · default' : ''
  print(`${state}${bold(visible(one.name))}  ${dim(`${one.uuid} · ${date} · ${plural(one.nodes, 'node')}${kind}`)}`)
}

function printImport(context: CommandContext, { added, updated, unchanged, failed }: BlueprintImport): void {
  for (const one of added) printOne(context, 'added      ', one)
  for (const one of updated) printOne(context, 'updated    ', one)
  for (const one of unchanged) printOne(context, 'unchanged  ', one)
  for (const { message } of failed) context.complain(`failed     ${visible(message)}`)
  context.print(
    `${added.length} added, ${updated.length} updated, ${unchanged.length} unchanged, ${failed.length} failed`
  )
}
