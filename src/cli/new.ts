// `retrace new`: a workspace or a custom module to start from. Prints the files written.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { writeModule } from '../host/modules/template.ts'
import { Workspace } from '../host/store/workspace.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'

export const newCommand: Command = async ({ args, print, usage }) => {
  const { words } = parseCommand(args, {}, usage, { min: 2, max: 2 })
  const [what, name] = words as [string, string]
  if (what === 'workspace') return newWorkspace(name, print)
  if (what === 'module') return newModule(name, print)
  throw new CodedError('COMMAND_INVALID', `“${what}” is neither workspace nor module. Usage: retrace ${usage}`)
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
