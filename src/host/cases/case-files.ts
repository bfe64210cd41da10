// Cases on disk. A folder of them may come from anywhere: links are not followed, nothing outside of the case's own folder is read, nothing is
// waited for, and what is wrong with one case says so of that case only.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { caseFormat } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import { isFolder, listGiven, statGiven } from '../store/given-file.ts'
import { kindOf } from '../store/reading.ts'

export interface CaseFile {
  readonly path: string
  /** As people know it: the path as it was given, or within its folder. */
  readonly name: string
}

export interface FileBytes {
  readonly bytes: Buffer
  /** Another one when the file is another. */
  readonly stamp: string
}

const mostCases = 100_000
const deepest = 32
const mostBytes = 64 * 1024 * 1024
/** Of a workspace. */
export const casesFolder = 'cases'
export const caseEnding = '.case.json'
/** Names come in capitals, too, as from file systems that know no other. */
export const isCaseName = (name: string): boolean => name.toLowerCase().endsWith(caseEnding)

/**
 * Files that are cases: whatever file was named, and of folders what ends with `.case.json` or says that it is one, whether it can be read or
 * not, and folders below that cannot be: reading says why.
 * @param skipped told of links to folders: they are not followed
 * @throws CodedError FILE_NOT_FOUND, FILE_UNREADABLE, INPUT_TOO_LARGE
 */
export function findCases(places: readonly string[], skipped?: (link: string) => void): readonly CaseFile[] {
  const found = new Map<string, CaseFile>()
  for (const place of places) {
    const files = statGiven(place).isDirectory() ? below(place, skipped) : [place]
    for (const path of files) if (!found.has(resolve(path))) found.set(resolve(path), { path, name: path })
  }
  return [...found.values()]
}

function below(folder: string, skipped?: (link: string) => void): readonly string[] {
  const found: string[] = []
  const take = (path: string): void => {
    found.push(path)
    if (found.length > mostCases)
      throw new CodedError('INPUT_TOO_LARGE', `${folder} has more than ${mostCases} cases.`, { file: folder })
  }
  const walk = (place: string, depth: number): void => {
    for (const entry of listGiven(place)) {
      const path = join(place, entry.name)
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) walkBelow(path, depth + 1)
      else if (isCaseName(entry.name) || (entry.isFile() && isCaseFile(path))) take(path)
      else if (entry.isSymbolicLink() && isFolder(path)) skipped?.(path)
    }
  }
  const walkBelow = (place: string, depth: number): void => {
    if (depth > deepest)
      throw new CodedError('INPUT_TOO_LARGE', `${folder} has folders more than ${deepest} levels deep.`, {
        file: folder
      })
    try {
      walk(place, depth)
    } catch (error) {
      if (!(error instanceof CodedError) || error.code === 'INPUT_TOO_LARGE') throw error
      // Gone meanwhile, it has none.
      if (error.code !== 'FILE_NOT_FOUND') take(place)
    }
  }
  walk(folder, 0)
  return found
}

const isFileName = (name: string): boolean => !/^(|\.\.?)$|\0/.test(name) && (sep === '/' || !/[\\:]/.test(name))

/** Its path within the folder, with slashes. */
export const caseId = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')

/**
 * What lists as a case of the folder, by its path within it; reading says whether it is a file.
 * @throws CodedError CASE_NOT_FOUND, also for what links lead to
 */
export function listedCase(folder: string, id: string): CaseFile {
  const parts = id.split('/')
  const found = { path: join(folder, ...parts), name: id }
  const above = parts.map((_, i) => join(folder, ...parts.slice(0, i)))
  const isThere =
    parts.every(isFileName) &&
    above.every((one) => lstatSync(one, { throwIfNoEntry: false })?.isDirectory()) &&
    lstatSync(found.path, { throwIfNoEntry: false }) !== undefined
  if (isThere) return found
  throw new CodedError('CASE_NOT_FOUND', `The workspace has no case “${id.slice(0, 200)}”.`, { file: id })
}

/**
 * A case of the folder that is a file of it, to be written, moved or opened.
 * @throws CodedError CASE_NOT_FOUND
 */
export function caseOf(folder: string, id: string): CaseFile {
  const found = listedCase(folder, id)
  const info = lstatSync(found.path)
  if (info.isFile()) return found
  const what = info.isSymbolicLink() ? 'a link' : 'no file'
  throw new CodedError('CASE_NOT_FOUND', `“${id.slice(0, 200)}” is ${what}, and so no case.`, { file: id })
}

/** Whether a file of a folder that is not called a case is one: others stand beside it, workflows and events. */
function isCaseFile(path: string): boolean {
  if (!path.toLowerCase().endsWith('.json')) return false
  try {
    return readFile(path, path).bytes.includes(`"${caseFormat}"`)
  } catch (error) {
    // What cannot be read and is not called a case is none.
    if (error instanceof CodedError) return false
    throw error
  }
}

/** @throws CodedError FILE_NOT_FOUND, FILE_UNREADABLE, INPUT_TOO_LARGE */
export function readFile(path: string, name: string): FileBytes {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    throw unreadable(error as NodeJS.ErrnoException, name)
  }
  try {
    const info = fstatSync(fd)
    if (!info.isFile())
      throw new CodedError('FILE_UNREADABLE', `${name} cannot be read: ${kindOf(info)}.`, { file: name })
    if (info.size > mostBytes)
      throw new CodedError('INPUT_TOO_LARGE', `${name} has ${info.size} bytes; the limit is ${mostBytes}.`, {
        file: name
      })
    return { bytes: readFileSync(fd), stamp: stampIn(info) }
  } catch (error) {
    throw error instanceof CodedError ? error : unreadable(error as NodeJS.ErrnoException, name)
  } finally {
    closeSync(fd)
  }
}

const stampIn = ({ ino, size, mtimeMs }: Stats): string => `${ino} ${size} ${mtimeMs}`

/** Null where it is not there. */
export function stampOf(path: string): string | null {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info === undefined ? null : stampIn(info)
}

function unreadable(error: NodeJS.ErrnoException, name: string): Error {
  const { code } = error
  if (code === undefined) return error
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new CodedError('FILE_NOT_FOUND', `${name} does not exist.`, { file: name })
  const why = code === 'ELOOP' ? 'it is a link' : code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : code
  return new CodedError('FILE_UNREADABLE', `${name} cannot be read: ${why}.`, { file: name })
}

/**
 * The path of a file that a case names, which lies in the case's folder or below it.
 * @throws CodedError CASE_INVALID
 */
export function besideCase({ path, name }: CaseFile, given: string, place: string): string {
  const refuse = (): CodedError =>
    new CodedError('CASE_INVALID', `${name} at ${place}: “${given.slice(0, 200)}” is not in the folder of the case.`, {
      file: name,
      place
    })
  const parts = given.split('/')
  const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0:]/.test(part))
  if (!isPlain) throw refuse()
  const folder = dirname(path)
  const file = join(folder, ...parts)
  try {
    const inside = relative(realpathSync(folder), realpathSync(dirname(file)))
    if (inside === '..' || inside.startsWith(`..${sep}`) || join(inside, basename(file)).startsWith('..'))
      throw refuse()
  } catch (error) {
    if (error instanceof CodedError) throw error
    // A folder that is not there: reading says so.
  }
  return file
}
