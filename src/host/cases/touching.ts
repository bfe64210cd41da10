// What the cases of a folder touch of a workflow: those that are about it, run offline on it.
import { resolve } from 'node:path'
import type { Case } from '../../contract/case.ts'
import type { Hits } from '../../contract/coverage.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { profileOfCase } from '../../engine/case/input.ts'
import { runCase } from '../../engine/case/run-case.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'
import { CoverageCounter } from '../../engine/replay/coverage.ts'
import { besideCase, findCases } from './case-files.ts'
import { CaseReader, StaleCase } from './case-reader.ts'
import type { CaseFile } from './case-files.ts'
import { caseRunning } from './test-case.ts'
import type { Touching } from '../tried/inputs.ts'

interface About {
  readonly workflow: RawWorkflow
  /** In its workspace; empty: it has none. */
  readonly id: string
  /** Where it was read from; null: from a workspace. */
  readonly file: string | null
  readonly profile: ProfileId | undefined
}

/** Throws FILE_NOT_FOUND for a folder that is not there; what is wrong with a case ends the count with the case's error. */
export function casesTouching(folder: string, about: About): Touching[] {
  const reader = readerAbout(about)
  return findCases([folder]).map((file) => ({
    names: [file.name],
    hits: () => Promise.resolve([hitsOfCase(reader, file, about)])
  }))
}

/** To it every other workflow is gone. */
export const readerAbout = ({ id, workflow }: Pick<About, 'id' | 'workflow'>): CaseReader =>
  new CaseReader((name) => (name === id || name === workflow.name ? (workflow as never) : null))

/** The reader knows the workflow by its name and id. Throws what is wrong with the case. */
export function hitsOfCase(reader: CaseReader, file: CaseFile, about: About, breath?: () => void): Hits | null {
  try {
    const read = reader.read(file)
    if (!isAbout(read.case, read.workflow, file, about)) return null
    const ready = { ...read, workflow: about.workflow }
    const counter = new CoverageCounter(about.workflow, profileOfCase(ready, about.profile))
    counter.add(runCase(ready, caseRunning(about.profile, breath)).fold)
    return counter.hits()
  } catch (error) {
    if (error instanceof StaleCase) return null
    throw error
  }
}

/** By the file or the name that the case says, else by the uuid or name of the workflow inside. */
function isAbout(given: Case, inside: RawWorkflow, file: CaseFile, { workflow, file: own }: About): boolean {
  // The reader found it under its name.
  if (given.workflowName !== undefined) return true
  if (given.workflowFile !== undefined && own !== null && own !== '-')
    return resolve(besideCase(file, given.workflowFile, 'workflowFile')) === resolve(own)
  const [a, b] = [inside.uuid, workflow.uuid]
  if (typeof a === 'string' && typeof b === 'string' && a !== '' && b !== '') return a === b
  return inside.name === workflow.name
}
