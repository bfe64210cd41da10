// `retrace test --watch`: a case runs again at once when its file, or one that it reads, was saved; only it.
import { existsSync, statSync, watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import { stampOf } from '../host/cases/case-files.ts'
import type { CaseFile } from '../host/cases/case-files.ts'
import type { CommandContext } from './context.ts'
import { createStyle } from './style.ts'
import { humanEnd } from './test-report.ts'
import type { Tested } from './test.ts'

interface Watching {
  readonly context: CommandContext
  readonly places: readonly string[]
  readonly find: () => readonly CaseFile[]
  /** Runs and prints. */
  readonly test: (files: readonly CaseFile[]) => readonly Tested[]
}

/** Editors save in several steps. */
const settled = 40

/** Until SIGINT or SIGTERM. */
export async function watchCases({ context, places, find, test }: Watching): Promise<number> {
  const { dim } = createStyle(context.color)
  const stamps = new Map<string, string | null>()
  const known = new Map<string, Tested>()
  const end = (ran: readonly Tested[]): void =>
    context.print(
      humanEnd(
        ran.map((one) => ({ ...one.result, file: one.file.name })),
        createStyle(context.color)
      )
    )
  const run = (files: readonly CaseFile[]): void => {
    if (files.length === 0) return
    const ran = test(files)
    for (const one of ran) {
      known.set(one.file.path, one)
      for (const path of pathsOf(one)) stamps.set(path, stampOf(path))
    }
    end(ran)
  }
  const look = (): void => {
    const files = find()
    const isOther = (path: string): boolean => stamps.get(path) !== stampOf(path)
    const changed = files.filter((file) => {
      const one = known.get(file.path)
      return one === undefined ? isOther(file.path) : pathsOf(one).some(isOther)
    })
    run(changed)
  }
  const files = find()
  for (const { path } of files) stamps.set(path, stampOf(path))
  run(files)
  let timer: NodeJS.Timeout | null = null
  const soon = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      look()
      watchFolders()
    }, settled)
  }
  const watchers = new Map<string, FSWatcher>()
  /** Each folder by itself: watching all below one is not the same thing on every system. */
  const watchFolders = (): void => {
    const paths = [...known.values()].flatMap(pathsOf).map((path) => dirname(path))
    for (const folder of new Set([...places.map(folderOf), ...paths]))
      if (!watchers.has(folder) && existsSync(folder)) watchers.set(folder, watch(folder, soon))
  }
  watchFolders()
  context.print(dim('watching; Ctrl+C ends'))
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  if (timer !== null) clearTimeout(timer)
  for (const watcher of watchers.values()) watcher.close()
  return 0
}

const folderOf = (place: string): string => (statSync(place).isDirectory() ? place : dirname(place))

const pathsOf = ({ file, read }: Tested): readonly string[] => [file.path, ...(read?.uses ?? [])]
