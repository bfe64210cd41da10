// `retrace new`: a workspace, a custom module or the examples to start from. Prints the files that are there then.
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { writeModule } from '../host/modules/template.ts'
import { Workspace } from '../host/store/workspace.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { makeOutFolder } from './output.ts'

export const newCommand: Command = async ({ args, print, usage, root }) => {
  const { words } = parseCommand(args, {}, usage, { min: 1, max: 2 })
  const [what, name] = words
  if (what === 'examples') return newExamples(join(root, 'examples'), name ?? 'examples', print)
  if (name === undefined && (what === 'workspace' || what === 'module'))
    throw new CodedError('COMMAND_INVALID', `The name of the ${what} is missing. Usage: retrace ${usage}`)
  if (what === 'workspace') return newWorkspace(name as string, print)
  if (what === 'module') return newModule(name as string, print)
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

async function newModule(name: string, print: (line: string) => void): Promise<number> {
  if (!/^[a-z][a-z0-9-]{1,60}$/.test(name))
    throw new CodedError(
      'COMMAND_INVALID',
      `“${name}” is not a valid module ID: use lowercase letters, digits and hyphens.`
    )
  const folder = existsSync('modules') ? 'modules' : '.'
  const { files } = await writeModule(resolve(folder), { id: name, kind: 'action', language: 'ts' })
  for (const file of files) print(relative('.', join(folder, file)))
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
