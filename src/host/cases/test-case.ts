// One case read, run and judged.
import { CodedError } from '../../contract/errors.ts'
import type { CaseResult } from '../../contract/case.ts'
import { brokenCase, judge, nameOfCase } from '../../engine/case/judge.ts'
import { runCase } from '../../engine/case/run-case.ts'
import type { CaseRun } from '../../engine/case/run-case.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'
import { maskEffect } from '../worker/effects/show.ts'
import type { CaseFile } from './case-files.ts'
import { StaleCase } from './case-reader.ts'
import type { CaseReader, ReadCase } from './case-reader.ts'

export interface TestedCase {
  readonly result: CaseResult
  /** Null where it could not be read. */
  readonly read: ReadCase | null
  readonly run: CaseRun | null
  /** Paths of the other files that it reads, or would. */
  readonly uses: readonly string[]
}

/** How a case runs on this machine. */
export const caseRunning = (profile: ProfileId | undefined, breath?: () => void) => ({
  ...{ profile, monotonic: () => performance.now(), hide: maskEffect },
  ...(breath ? { breath } : {})
})

/** Never throws for what is wrong with the case. `breath`: called in between, may throw to leave it. */
export function testCase(
  reader: CaseReader,
  file: CaseFile,
  profile: ProfileId | undefined,
  breath?: () => void
): TestedCase {
  const name = nameOfCase({ case: {} as never, file: file.name })
  let read: ReadCase | null = null
  const uses: string[] = []
  try {
    read = reader.read(file, uses)
    const run = runCase(read, caseRunning(profile, breath))
    return { result: judge(read, run, maskEffect), read, run, uses }
  } catch (error) {
    const own = read === null ? name : nameOfCase(read)
    if (error instanceof StaleCase) return { result: brokenCase(own, error.message, 'stale'), read, run: null, uses }
    if (error instanceof CodedError && error.code !== 'CANCELLED' && error.code !== 'INTERNAL')
      return { result: brokenCase(own, error.message), read, run: null, uses }
    throw error
  }
}
