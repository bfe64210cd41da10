// What a change would have changed: `#/workflows/impact?workflow=ID`.
import { Rest } from './rest.tsx'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Params } from '../../../contract/operations.ts'
import type { TriedReport } from '../../../contract/tried.ts'
import type { Answer } from '../../../contract/wire.ts'
import { plural } from '../../../contract/words.ts'
import { client } from '../../client/client.ts'
import { pickFiles } from '../../client/pick-files.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'
import { sendTried } from '../../stores/tried-files.ts'
import { workflowOf, type PickedWorkflow } from '../../stores/workflow-files.ts'
import { GroupsTable } from './groups-table.tsx'
import { OverFields, overParams, type Over } from './over-fields.tsx'
import { isUsual, setupOptions, SetupFields, usualSetup } from './setup-fields.tsx'
import { refused, TriedFrame, WorkflowSelect } from './tried-frame.tsx'

/** What came of it, and what it was asked about. */
interface Impact {
  readonly report: TriedReport
  readonly workflowId: string
  readonly files: readonly File[]
}

/** `version:3`, `draft`, `file`; empty: the workflow stays as it is. */
type Change = string

export function ImpactView({ query }: { query: ReadonlyMap<string, string> }) {
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [change, setChange] = useState<Change>('')
  const [over, setOver] = useState<Over>({ runs: '100', data: true, files: [] })
  const [file, setFile] = useState<PickedWorkflow | null>(null)
  const [setup, setSetup] = useState(usualSetup)
  useEffect(() => setChange(''), [workflowId])
  const ask = async (): Promise<Answer<Impact> | null> => {
    const options = setupOptions(setup)
    if (typeof options === 'string') return refused(options)
    const question = await questionOf({ workflowId, change, file })
    if (!question.ok) return question
    const answer = await compared(
      { ...question.data, options, ...overParams(over) },
      { files: over.files, world: setup.world }
    )
    return answer.ok ? { ok: true, data: { report: answer.data, workflowId, files: over.files } } : answer
  }
  return (
    <TriedFrame
      title="Impact"
      about="What a change would have changed over past runs and data"
      label="What would have changed"
      fields={
        <>
          <WorkflowSelect id="impact-workflow" value={workflowId} onChange={setWorkflow} none="Choose a workflow" />
          <Changes
            key={workflowId}
            workflowId={workflowId}
            change={change}
            file={file}
            onChange={(next, picked) => {
              setChange(next)
              setFile(picked)
            }}
          />
          <OverFields id="impact" over={over} onChange={setOver} runs="Runs of its trigger" />
          <SetupFields
            id="impact"
            setup={setup}
            onChange={setSetup}
            title={
              change === ''
                ? 'MISP version and settings that change, and the world'
                : 'MISP version, settings and world of both'
            }
            hint={
              change === ''
                ? 'What would be, against the workflow’s MISP version and the settings of the workspace.'
                : 'With another workflow they are the same for what was and what would be.'
            }
            worldLabel="World, for what was and what would be"
          />
        </>
      }
      button={{ icon: 'compare', text: 'Compare', isOff: workflowId === '' || (change === '' && isUsual(setup)) }}
      ask={ask}
      before={{
        busy: 'Running both…',
        idle: 'Not compared yet',
        text: 'The workflow is run as it was and as it would be, on what the newest runs of its trigger began with, on data sets and on files. Nothing is sent.'
      }}
      result={(impact) => <Result {...impact} />}
    />
  )
}

interface ChangesProps {
  readonly workflowId: string
  readonly change: Change
  readonly file: PickedWorkflow | null
  readonly onChange: (change: Change, file: PickedWorkflow | null) => void
}

function Changes({ workflowId, change, file, onChange }: ChangesProps) {
  const known = useStore(library, (state) => state.workflows?.find(({ id }) => id === workflowId))
  const draft = useAnswer('drafts.get', { workflowId: workflowId === '' ? 'none' : workflowId })
  const newest = known?.version ?? 1
  const older = Array.from({ length: newest - 1 }, (_, i) => newest - 1 - i)
  const choose = async (next: Change): Promise<void> => {
    if (next !== 'pick') return onChange(next, null)
    const [picked] = await pickFiles('file')
    const file = picked && (await workflowOf(picked))
    if (file) onChange('file', file)
  }
  return (
    <SelectRow id="impact-change" label="Change" value={change} onChange={(next) => void choose(next)}>
      <option value="">the workflow stays as it is</option>
      {draft?.ok && draft.data && <option value="draft">the saved version → the unsaved changes</option>}
      {older.map((version) => (
        <option key={version} value={`version:${version}`}>
          version {version} → version {newest}
        </option>
      ))}
      {file && <option value="file">{`${file.name} → version ${newest}`}</option>}
      <option value="pick">a file of the workflow as it was…</option>
    </SelectRow>
  )
}

async function compared(
  params: Params<'impact.report'>,
  given: Parameters<typeof sendTried>[0]
): Promise<Answer<TriedReport>> {
  const sent = await sendTried(given)
  return sent.ok ? client.call('impact.report', { ...params, ...sent.data }) : sent
}

type Question = Pick<Params<'impact.report'>, 'workflow' | 'before'>

interface Asked {
  readonly workflowId: string
  readonly change: Change
  readonly file: PickedWorkflow | null
}

async function questionOf({ workflowId, change, file }: Asked): Promise<Answer<Question>> {
  const workflow = { workflowId }
  if (change === '') return { ok: true, data: { workflow, before: { options: {} } } }
  if (change === 'file' && file) return { ok: true, data: { workflow, before: { workflow: file.workflow } } }
  if (change === 'draft') {
    const [draft, saved] = [
      await client.call('drafts.get', { workflowId }),
      await client.call('workflows.get', { workflowId })
    ]
    if (!draft.ok) return draft
    if (!saved.ok) return saved
    const json = draft.data?.workflow ?? saved.data.workflow
    return { ok: true, data: { workflow: { json }, before: { workflow: saved.data.workflow } } }
  }
  const older = await client.call('workflows.get', { workflowId, version: Number(change.slice('version:'.length)) })
  return older.ok ? { ok: true, data: { workflow, before: { workflow: older.data.workflow } } } : older
}

function Result({ report, workflowId, files }: Impact) {
  const { groups, refused: leftOut } = report
  const others = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="section tried-report" aria-label="Impact">
      <p className="tried-summary" role="status">
        {others === 0 ? 'No run goes differently.' : `${plural(others, 'run goes', 'runs go')} differently.`}
      </p>
      {groups.length > 0 && <Groups groups={groups} workflowId={workflowId} files={files} />}
      <Rest
        report={report}
        none="There is no run, data set or file to try it on."
        leftOut={`${plural(leftOut, 'input is of another kind or cannot', 'inputs are of another kind or cannot')} be read.`}
      />
    </section>
  )
}

interface GroupsProps {
  readonly groups: TriedReport['groups']
  readonly workflowId: string
  readonly files: readonly File[]
}

function Groups({ groups, workflowId, files }: GroupsProps) {
  const sets = useStore(library, (state) => state.data)
  const isData = (name: string): boolean =>
    files.some((one) => name === one.name) ||
    (sets ?? []).some((one) => name === one.name || name.startsWith(`${one.name}: `))
  return (
    <GroupsTable
      label="Runs that go differently"
      workflowId={workflowId}
      groups={groups}
      heads={['Before', 'After', 'Outcome']}
      why={({ outcomes: [was, is] }) => (was === is ? (is ?? 'none') : `${was ?? 'none'} → ${is ?? 'none'}`)}
      example={({ examples: [one] }) =>
        one === undefined || isData(one) ? one : <a href={buildHash(['runs', one])}>{one}</a>
      }
    />
  )
}
