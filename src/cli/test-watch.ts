// `retrace test --watch`: a case runs again at once when its file, or one that it reads, was saved; only it.
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { findCases, stampOf } from '../host/cases/case-files.ts'
import type { CaseFile } from '../host/cases/case-files.ts'
import { watchBelow } from '../host/cases/watch-cases.ts'
import type { CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { humanEnd } from './test-report.ts'
import type { Tested, TestedAll } from './test.ts'

interface Watching {
  readonly context: CommandContext
  readonly places: readonly string[]
  readonly files: readonly CaseFile[]
  /** Runs and prints. */
  readonly test: (files: readonly CaseFile[]) => TestedAll
}

/** Editors save in several steps. */
const settled = 40

/** Until SIGINT or SIGTERM. */
export async function watchCases({ context, places, files, test }: Watching): Promise<number> {
  const { dim } = createStyle(context.color)
  const stamps = new Map<string, string | null>()
  const known = new Map<string, Tested>()
  const end = ({ tested, notRun }: TestedAll): void =>
    context.print(
      humanEnd(
        tested.map((one) => ({ ...one.result, file: one.file.name })),
        notRun,
        createStyle(context.color)
      )
    )
  const run = (files: readonly CaseFile[]): void => {
    if (files.length === 0) return
    const ran = test(files)
    for (const one of ran.tested) {
      known.set(one.file.path, one)
      for (const path of pathsOf(one)) stamps.set(path, stampOf(path))
    }
    end(ran)
  }
  const found = (): readonly CaseFile[] => {
    try {
      // One that was named is away while it is saved or checked out; the event of its return comes.
      return findCases(places.filter((place) => existsSync(place)))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      // So is one that may not be read for a while.
      if (error.code !== 'FILE_NOT_FOUND') context.complain(`error ${error.code}: ${visible(error.message)}`)
      return []
    }
  }
  const look = (): void => {
    const files = found()
    const isOther = (path: string): boolean => stamps.get(path) !== stampOf(path)
    const changed = files.filter((file) => {
      const one = known.get(file.path)
      return one === undefined ? isOther(file.path) : pathsOf(one).some(isOther)
    })
    run(changed)
  }
  for (const { path } of files) stamps.set(path, stampOf(path))
  run(files)
  const stop = watchBelow(places.map(folderOf), settled, look)
  context.print(dim('watching; Ctrl+C ends'))
  // Where nothing is there to be watched, it may come.
  const alive = setInterval(() => undefined, 2 ** 30)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  stop()
  clearInterval(alive)
  return 0
}

/** Who names a link means what it leads to. */
const folderOf = (place: string): string => realpathSync(statSync(place).isDirectory() ? place : dirname(place))

const pathsOf = ({ file, uses }: Tested): readonly string[] => [file.path, ...uses]
