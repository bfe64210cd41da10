// `retrace new`: a workspace, a custom module or the examples to start from. Prints the files that are there then.
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { writeModule } from '../host/modules/template.ts'
import { Workspace } from '../host/store/workspace.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { makeOutFolder } from './output.ts'
import { withHost } from './workspace-host.ts'

export const newCommand: Command = async (context) => {
  const { args, print, usage, root } = context
  const { words } = parseCommand(args, {}, usage, { min: 1, max: 2 })
  const [what, name] = words
  if (what === 'examples') return newExamples(join(root, 'examples'), name ?? 'examples', print)
  if (name === undefined && (what === 'workspace' || what === 'module'))
    throw new CodedError('COMMAND_INVALID', `The name of the ${what} is missing. Usage: retrace ${usage}`)
  if (what === 'workspace') return newWorkspace(name as string, print)
  if (what === 'module') return newModule(context, name as string)
  throw new CodedError(
    'COMMAND_INVALID',
    `“${what}” is neither workspace, module nor examples. Usage: retrace ${usage}`
  )
}

async function newWorkspace(name: string, print: (line: string) => void): Promise<number> {
  const folder = resolve(name)
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new CodedError('FILE_EXISTS', `${name} exists and is not empty.`, { file: name })
  const workspace = await Workspace.open(folder)
  await workspace.close()
  for (const file of (await readdir(folder)).sort()) print(join(name, file))
  return 0
}

/** Of the workspace that somebody is in, where it is on at once; elsewhere as a file to bring to one. */
async function newModule(context: CommandContext, id: string): Promise<number> {
  const isIn = existsSync('catalogue.json')
  const folder = isIn || existsSync('modules') ? 'modules' : '.'
  const { files } = isIn
    ? await withHost(context, '.', { looks: false }, (host) => host.ask('customModules.create', { id }))
    : await writeModule(resolve(folder), { id, kind: 'action', language: 'ts' })
  for (const file of files) context.print(relative('.', join(folder, file)))
  return 0
}

/** Those that are there already are left; one that was changed is never overwritten. */
async function newExamples(from: string, folder: string, print: (line: string) => void): Promise<number> {
  const names = (await readdir(from)).sort()
  const missing: string[] = []
  for (const name of names) {
    const to = join(folder, name)
    if (!existsSync(to)) missing.push(name)
    else if (!(await readFile(to)).equals(await readFile(join(from, name))))
      throw new CodedError('FILE_EXISTS', `${to} exists and is another file than the example.`, { file: to })
  }
  await makeOutFolder(folder)
  for (const name of missing) await writeFile(join(folder, name), await readFile(join(from, name)), { flag: 'wx' })
  for (const name of names) print(join(folder, name))
  return 0
}
