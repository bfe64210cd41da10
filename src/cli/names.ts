// Arguments that are a file, or what the workspace or a demonstration has by name or id.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { FilesByName, NamedFile } from '../host/workspaces/named-files.ts'
import { defaultWorkspace } from '../host/user-folder.ts'
import { isThere } from './input.ts'
import { nearest } from './near.ts'

export type NamedKind = keyof FilesByName

export interface Named {
  readonly id: string
  readonly name: string
}

/** The one that has it as its id or, alone, as its name; null for none. Throws COMMAND_INVALID where several have the name. */
export function findNamed<T extends Named>(argument: string, list: readonly T[]): T | null {
  const byId = list.find(({ id }) => id === argument)
  if (byId) return byId
  const [first, ...others] = list.filter(({ name }) => name === argument)
  if (first === undefined || others.length === 0) return first ?? null
  const ids = [first, ...others].map(({ id }) => id).join(', ')
  throw new CodedError('COMMAND_INVALID', `Several have the name “${argument}”; say the id: ${ids}.`, {
    file: argument
  })
}

/** Says what was expected in the place of an argument, and which names are near it. */
function unknownName(argument: string, what: string, where: string, list: readonly Named[]): CodedError {
  const near = nearest(argument, list, ({ id, name }) => [id, name]).map(({ id, name }) =>
    id === name ? id : `${name} (${id})`
  )
  const isPath = /[\\/]|\.(nd)?json$/i.test(argument)
  const has = near.length === 0 ? `; there is no ${what}` : isPath ? '' : `; near it: ${near.join(', ')}`
  return new CodedError('FILE_NOT_FOUND', `${argument} is neither a file nor a ${what} of ${where}${has}.`, {
    file: argument
  })
}

/** Id of what a workspace has by name or id. */
export function pick(argument: string, what: NamedKind, list: readonly Named[]): string {
  const found = findNamed(argument, list)
  if (found) return found.id
  throw unknownName(argument, what, 'the workspace', list)
}

// What reads a workspace is loaded when there is a name, not for every command on files.
const loadFiles = () => import('../host/workspaces/named-files.ts')
const filesByName = async (folder: string): Promise<FilesByName> => (await loadFiles()).filesByName(folder)

/** The person's own workspace, where they have one. */
function ownWorkspace(): string | undefined {
  const folder = ownFolder()
  return folder !== null && existsSync(join(folder, 'catalogue.json')) ? folder : undefined
}

/** Null for a user who has no home; files are worked on all the same. */
function ownFolder(): string | null {
  try {
    return defaultWorkspace()
  } catch (error) {
    if (error instanceof CodedError) return null
    throw error
  }
}

/** Whether the person's own workspace has one of the arguments that are no files. */
export async function isInOwn(wanted: Partial<Record<NamedKind, readonly string[]>>): Promise<boolean> {
  const folder = ownWorkspace()
  const isName = Object.values(wanted).some((list) => list.some((argument) => !isThere(argument)))
  if (folder === undefined || !isName) return false
  const own = await filesByName(folder)
  return (Object.keys(own) as NamedKind[]).some((kind) =>
    (wanted[kind] ?? []).some((argument) => !isThere(argument) && findNamed(argument, own[kind]) !== null)
  )
}

/** What a demonstration has by that name. Throws FILE_NOT_FOUND with names that are near. */
export async function ofDemonstrations(argument: string, kind: NamedKind): Promise<NamedFile> {
  const known = await (await loadFiles()).demonstrationFiles()
  const found = findNamed(argument, known[kind])
  if (found) return found
  const folder = ownWorkspace()
  const own = folder === undefined ? [] : (await filesByName(folder))[kind]
  throw unknownName(argument, kind, 'your workspace or of the demonstrations', [...own, ...known[kind]])
}

/** All that have a name: those of the workspace or, without one, of the person's own and of the demonstrations. */
export async function filesOfKind(kind: NamedKind, workspace: string | undefined): Promise<readonly NamedFile[]> {
  if (workspace !== undefined) return (await filesByName(workspace))[kind]
  const folder = ownWorkspace()
  const own = folder === undefined ? [] : (await filesByName(folder))[kind]
  const ids = new Set(own.map(({ id }) => id))
  const demonstrations = (await (await loadFiles()).demonstrationFiles())[kind]
  return [...own, ...demonstrations.filter(({ id }) => !ids.has(id))]
}

/** The file of an argument, for commands that work on files alone. Throws FILE_NOT_FOUND. */
export async function namedFile(argument: string, kind: NamedKind, workspace?: string): Promise<string> {
  if (isThere(argument)) return argument
  const folder = workspace ?? ownWorkspace()
  const own = folder === undefined ? [] : (await filesByName(folder))[kind]
  const found = findNamed(argument, own)
  if (found) return found.file
  if (workspace !== undefined) throw unknownName(argument, kind, 'the workspace', own)
  return (await ofDemonstrations(argument, kind)).file
}
