// The folders of a workspace. What stands in the place of one, a file or a link that leads out, is moved aside and reported, because nothing
// could be kept there.

import { lstat, readdir, realpath, rename } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { guardFolder, isThere, makeFolder, reasonOf } from './files.ts'
import { patiently } from './patiently.ts'
import { isPlainName } from './paths.ts'

const always = ['workflows', 'data', 'runs', 'capture', 'modules']
const others = [
  'runs/outlines',
  'capture/bodies',
  'capture/logs',
  'drafts',
  'blueprints',
  'mocks',
  'answers',
  'watches',
  'search',
  'accepted',
  'world',
  '.uploads'
]
const bins = [
  'workflows/.bin',
  'data/.bin',
  'blueprints/.bin',
  'mocks/.deleted',
  'answers/.deleted',
  'accepted/.deleted',
  'world/.deleted'
]

/** Makes the folder itself. Throws STORE_WRITE_FAILED when it neither is there nor can be made. */
export async function makeRoot(root: string): Promise<void> {
  guardFolder(root)
  await makeFolder(root).catch((error: unknown) => {
    const reason = error instanceof CodedError ? error.details?.reason : String(error)
    // A folder that cannot be written can still be looked at; one that is not there cannot.
    if (reason !== 'EACCES' && reason !== 'EROFS')
      throw new CodedError(
        'STORE_WRITE_FAILED',
        `The workspace folder cannot be created: ${reason === 'ENOENT' ? 'nothing can be created there' : reasonOf(String(reason))}.`,
        { file: root }
      )
  })
}

/** Makes what is missing; whoever calls it holds the lock. */
export async function makeFolders(root: string, report: (problem: WorkspaceProblem) => void): Promise<void> {
  const real = await realpath(root)
  for (const name of [...always, ...others, ...bins]) {
    const folder = join(root, name)
    const problem = await moveAsideUnlessFolder(folder, name, real)
    if (problem !== null) report(problem)
    if (always.includes(name)) await makeFolder(folder).catch(() => undefined)
  }
}

async function moveAsideUnlessFolder(path: string, name: string, root: string): Promise<WorkspaceProblem | null> {
  const info = await lstat(path).catch(() => null)
  if (info === null || info.isDirectory()) return null
  const target = info.isSymbolicLink() ? await realpath(path).catch(() => null) : null
  if (target !== null && target.startsWith(root + sep)) return null
  let keptAs = `${name}.bad`
  for (let n = 2; await isThere(join(root, keptAs)); n++) keptAs = `${name}.bad${n}`
  const what = !info.isSymbolicLink()
    ? 'is not a folder'
    : target === null
      ? 'is a link to nothing'
      : 'is a link that leads out of the workspace'
  const moved = await patiently(() => rename(path, join(root, keptAs))).then(
    () => true,
    () => false
  )
  return {
    file: name,
    code: 'STORE_FILE_UNREADABLE',
    message: `${name} ${what}. ${moved ? `It was kept as ${keptAs}.` : 'It was left unchanged.'}`,
    keptAs: moved ? keptAs : null
  }
}

/** Names in a folder, without those that begin with a dot; none where there is no folder. A folder that cannot be read is reported. */
export async function namesIn(
  folder: string,
  name: string,
  report: (problem: WorkspaceProblem) => void
): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((one) => !one.startsWith('.'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code !== 'ENOENT')
      report({ file: name, code: 'STORE_FILE_UNREADABLE', message: `${name} cannot be read: ${code}.`, keptAs: null })
    return []
  }
}

/**
 * Ids of the files with that ending. A name that other systems could not have is reported: what would be written for it might be
 * written elsewhere.
 */
export async function idsIn(
  folder: string,
  name: string,
  ending: string,
  report: (problem: WorkspaceProblem) => void
): Promise<string[]> {
  const ids: string[] = []
  for (const file of await namesIn(folder, name, report)) {
    if (!file.endsWith(ending)) continue
    const id = file.slice(0, file.length - ending.length)
    if (isPlainName(id)) ids.push(id)
    else {
      const message = `${name}/${file} is not read: not every system allows a file of that name. Rename it.`
      report({ file: `${name}/${file}`, code: 'STORE_FILE_UNREADABLE', message, keptAs: null })
    }
  }
  return ids.sort()
}

/** What a file says of itself gives way to its name: it is used under that. */
export function reportOtherId(
  file: string,
  said: unknown,
  id: string | number,
  report: (problem: WorkspaceProblem) => void
): void {
  if (said === id) return
  const shown = JSON.stringify(said)?.slice(0, 80) ?? 'nothing'
  const message = `${file} has the ID ${shown}, which is not its file name. It is used as ${JSON.stringify(id)}.`
  report({ file, code: 'STORE_FILE_UNREADABLE', message, keptAs: null })
}
