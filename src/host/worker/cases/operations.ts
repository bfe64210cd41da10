// The cases of the workspace's folder: what there is, how they come out, a run of one, and its text with another expectation or name.
import { lstatSync } from 'node:fs'
import type { CaseRow } from '../../../contract/case.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { profileOfCase } from '../../../engine/case/input.ts'
import { prepareCase } from '../../../engine/case/run-case.ts'
import { canAccept, updatedExpectations, withoutUnused } from '../../../engine/case/update.ts'
import { triggerIdOf } from '../../../engine/graph/walk-helpers.ts'
import { isMap } from '../../../engine/php/values.ts'
import { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import { createRun } from '../../../engine/run/start.ts'
import { caseId, caseOf, casesFolder, listedCase, findCases, stampOf } from '../../cases/case-files.ts'
import type { CaseFile } from '../../cases/case-files.ts'
import { CaseReader, StaleCase } from '../../cases/case-reader.ts'
import type { ReadCase } from '../../cases/case-reader.ts'
import { editedCase } from '../../cases/edited-case.ts'
import { caseRunning, testCase } from '../../cases/test-case.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { RunTable } from '../runs/run-table.ts'
import type { Refs, WorkerHandlers } from '../thread/protocol.ts'

type CaseOperations = 'cases.look' | 'cases.check' | 'cases.open' | 'cases.updated' | 'cases.renamed'
type CaseRefs = NonNullable<Refs['cases']>

/** After so many cases others get the thread. */
const atOnce = 20

export const caseOperations = (table: RunTable): Pick<WorkerHandlers, CaseOperations> => ({
  'cases.look': async (_params, refs) => {
    const cases = casesOf(refs)
    const reader = readerOf(cases)
    const rows: CaseRow[] = []
    for (const file of filesIn(cases)) {
      if (rows.length % atOnce === atOnce - 1) await refs.halt?.breathe()
      rows.push(rowOf(cases, reader, { ...file, name: caseId(cases.folder, file.path) }))
    }
    return rows
  },
  'cases.check': async ({ caseIds, profile }, refs) => {
    const cases = casesOf(refs)
    const reader = readerOf(cases)
    const rows: CaseRow[] = []
    const asked = askedFor(profile)
    for (const id of caseIds) {
      await refs.halt?.breathe()
      const file = listedCase(cases.folder, id)
      const { result } = testCase(reader, file, asked, () => refs.halt?.check())
      rows.push(rowOf(cases, reader, file, { result, profile: asked ?? null }))
    }
    return rows
  },
  'cases.open': ({ caseId: id, profile }, refs) => openCase(readOne(casesOf(refs), id), askedFor(profile), table, refs),
  'cases.updated': ({ caseId: id, ticked, unused, profile }, refs) => {
    if (ticked.length + unused.length === 0) throw new CodedError('PARAMS_INVALID', 'Nothing is ticked.')
    const cases = casesOf(refs)
    const { result, read, run } = testCase(readerOf(cases), caseOf(cases.folder, id), askedFor(profile), () =>
      refs.halt?.check()
    )
    const accepted = ticked.flatMap(({ at, text }) => {
      const one = result.differences[at]
      return one?.text === text && canAccept(one) ? [one] : []
    })
    const removed = run?.unused.filter(({ place }) => unused.includes(place)) ?? []
    const isOther = accepted.length < ticked.length || removed.length < new Set(unused).size
    if (read === null || run === null || isOther)
      throw new CodedError('CASE_CHANGED', `${id} gives another result than the one shown. Run it once more.`)
    const expect = updatedExpectations(read.case, run, accepted)
    return { text: editedCase(read, { ...withoutUnused(read.raw, removed), expect: expect as never }) }
  },
  'cases.renamed': ({ caseId: id, name }, refs) => {
    const read = readOne(casesOf(refs), id)
    return { text: editedCase(read, { ...read.raw, name }) }
  }
})

const askedFor = (profile: string | undefined): ProfileId | undefined =>
  profile === undefined ? undefined : parseProfile(profile)

export function casesOf({ cases }: Refs): CaseRefs {
  if (cases) return cases
  throw new CodedError('CASE_NOT_FOUND')
}

/** Throws FILE_UNREADABLE where the folder is none: what a link leads to is not the workspace's. */
function filesIn({ folder }: CaseRefs): readonly CaseFile[] {
  const info = lstatSync(folder, { throwIfNoEntry: false })
  if (info === undefined) return []
  if (info.isDirectory()) return findCases([folder])
  const why = info.isSymbolicLink() ? 'it is a link' : 'it is not a folder'
  throw new CodedError('FILE_UNREADABLE', `${casesFolder}/ of the workspace cannot be read: ${why}.`, {
    file: casesFolder
  })
}

function readerOf({ workflows }: CaseRefs): CaseReader {
  return new CaseReader((wanted) => workflowNamed(workflows, wanted)?.workflow ?? null)
}

const workflowNamed = (workflows: CaseRefs['workflows'], wanted: string) =>
  workflows.find(({ id }) => id === wanted) ?? workflows.find(({ name }) => name === wanted)

/** Throws CASE_INVALID where its workflow is gone, and as reading a case does. */
function readOne(cases: CaseRefs, id: string): ReadCase {
  try {
    return readerOf(cases).read(caseOf(cases.folder, id))
  } catch (error) {
    throw error instanceof StaleCase ? new CodedError('CASE_INVALID', `${id}: ${error.message}`) : error
  }
}

type Ran = Pick<CaseRow, 'result' | 'profile'>

function rowOf(
  cases: CaseRefs,
  reader: CaseReader,
  file: CaseFile,
  ran: Ran = { result: null, profile: null }
): CaseRow {
  const { name: id } = file
  const own = stampOf(file.path) ?? ''
  const fallback = (id.split('/').at(-1) ?? id).replace(/(\.case)?\.json$/, '')
  try {
    const read = reader.read(file)
    const about = workflowOf(cases, read)
    const version = read.case.workflowName === undefined ? '' : (about?.version ?? '')
    return {
      ...{ id, name: read.case.name ?? fallback, ...ran },
      ...{ workflow: nameIn(read), workflowId: about?.id ?? null },
      stamp: [own, version, ...read.uses.map((path) => stampOf(path))].join(' ')
    }
  } catch (error) {
    // Running it says what is wrong.
    if (!(error instanceof CodedError) && !(error instanceof StaleCase)) throw error
    const gone = error instanceof StaleCase
    return { id, name: fallback, workflow: null, workflowId: null, stamp: gone ? `${own} gone` : own, ...ran }
  }
}

const nameIn = ({ workflow: { name } }: ReadCase): string | null => (typeof name === 'string' ? name : null)

/** As it is named, else by the UUID or the name of the one inside. */
function workflowOf({ workflows }: CaseRefs, read: ReadCase): CaseRefs['workflows'][number] | undefined {
  const { workflowName } = read.case
  if (workflowName !== undefined) return workflowNamed(workflows, workflowName)
  const { uuid } = read.workflow
  const same =
    typeof uuid === 'string' && uuid !== '' ? workflows.find((one) => uuidOf(one.workflow) === uuid) : undefined
  return same ?? workflows.find(({ name }) => name === nameIn(read))
}

function uuidOf(workflow: Json): Json {
  const row = isMap(workflow) && isMap(workflow['Workflow'] ?? null) ? (workflow['Workflow'] as JsonMap) : workflow
  return isMap(row) ? (row['uuid'] ?? null) : null
}

/** Offline, as running the case does it. */
function openCase(
  read: ReadCase,
  profile: ProfileId | undefined,
  table: RunTable,
  { newRun, halt }: Refs
): { readonly runId: string } {
  if (!newRun) throw new CodedError('RUN_FAILED_TO_START')
  const { input, ports } = prepareCase(
    read,
    caseRunning(profile, () => halt?.check()),
    newRun.id
  )
  const recorder = new RunRecorder()
  const trigger = triggerIdOf((input.workflow as typeof read.workflow).data)
  const { runId } = table.start({
    ...{ newRun, parent: null, mode: 'run' as const, name: read.case.name ?? read.file },
    ...{ workflow: input.workflow as Json, trigger: trigger ?? '' },
    workflowName: nameIn(read),
    input: isMap(input.data as Json) ? (input.data as JsonMap) : {},
    options: { profile: profileOfCase(read, profile) },
    begin: (onEvent) => createRun(input, ports, onEvent, recorder),
    surroundings: () => recorder.surroundings(),
    ...(halt ? { halt } : {})
  })
  return { runId }
}
