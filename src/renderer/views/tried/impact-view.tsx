// What a change would have changed: `#/workflows/impact?workflow=ID`.
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { CodedError } from '../../../contract/errors.ts'
import type { ImpactReport } from '../../../contract/impact.ts'
import type { Params } from '../../../contract/operations.ts'
import { sameWords } from '../../../contract/upgrade.ts'
import type { Answer } from '../../../contract/wire.ts'
import { plural } from '../../../contract/words.ts'
import { decodeJson } from '../../../engine/php/decode.ts'
import { client } from '../../client/client.ts'
import { pickFiles } from '../../client/pick-files.ts'
import { EmptyState, FailureState } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'
import { sendTriedFiles } from '../../stores/tried-files.ts'
import { OverFields, overParams, type Over } from './over-fields.tsx'
import { isUsual, setupOptions, SetupFields, usualSetup } from './setup-fields.tsx'
import './tried.css'

/** `version:3`, `draft`, `file`; empty: the workflow stays as it is. */
type Change = string

export default function ImpactView({ query }: { query: ReadonlyMap<string, string> }) {
  useTitle('Impact')
  const workflows = useStore(library, (state) => state.workflows)
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [change, setChange] = useState<Change>('')
  const [over, setOver] = useState<Over>({ runs: '100', data: true, files: [] })
  const [file, setFile] = useState<File | null>(null)
  const [setup, setSetup] = useState(usualSetup)
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer<ImpactReport> | null>(null)
  const [asked, setAsked] = useState<readonly File[]>([])
  useEffect(() => setChange(''), [workflowId])
  const compare = async () => {
    const options = setupOptions(setup)
    if (typeof options === 'string') return toast(options)
    setBusy(true)
    setAsked(over.files)
    const question = await questionOf({ workflowId, change, file })
    setAnswer(question.ok ? await compared({ ...question.data, options, ...overParams(over) }, over.files) : question)
    setBusy(false)
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Impact">
        <h1>Impact</h1>
        <span className="muted ellipsis">What a change would have changed over past runs and data</span>
      </div>
      <div className="scroll tried" tabIndex={0} aria-label="What would have changed">
        <form
          className="tried-form"
          onSubmit={(event) => {
            event.preventDefault()
            void compare()
          }}
        >
          <SelectRow id="impact-workflow" label="Workflow" value={workflowId} onChange={setWorkflow}>
            <option value="">Choose a workflow</option>
            {(workflows ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectRow>
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
            title={change === '' ? 'MISP version and settings that change' : 'MISP version and settings of both'}
            hint={
              change === ''
                ? 'What would be, against the workflow’s MISP version and the settings of the workspace.'
                : 'With another workflow they are the same for what was and what would be.'
            }
          />
          <button className="btn primary" disabled={busy || workflowId === '' || (change === '' && isUsual(setup))}>
            {busy ? <span className="spinner" style={{ width: 11, height: 11 }} /> : <Icon name="compare" />} Compare
          </button>
        </form>
        <Result answer={answer} busy={busy} workflowId={workflowId} files={asked} />
      </div>
    </div>
  )
}

interface ChangesProps {
  readonly workflowId: string
  readonly change: Change
  readonly file: File | null
  readonly onChange: (change: Change, file: File | null) => void
}

function Changes({ workflowId, change, file, onChange }: ChangesProps) {
  const known = useStore(library, (state) => state.workflows?.find(({ id }) => id === workflowId))
  const draft = useAnswer('drafts.get', { workflowId: workflowId === '' ? 'none' : workflowId })
  const newest = known?.version ?? 1
  const older = Array.from({ length: newest - 1 }, (_, i) => newest - 1 - i)
  const choose = async (next: Change): Promise<void> => {
    if (next !== 'pick') return onChange(next, null)
    const [picked] = await pickFiles('file')
    if (picked) onChange('file', picked)
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

async function compared(params: Params<'impact.report'>, files: readonly File[]): Promise<Answer<ImpactReport>> {
  const sent = await sendTriedFiles(files)
  return sent.ok ? client.call('impact.report', { ...params, files: sent.data }) : sent
}

type Question = Pick<Params<'impact.report'>, 'workflow' | 'before'>

interface Asked {
  readonly workflowId: string
  readonly change: Change
  readonly file: File | null
}

async function questionOf({ workflowId, change, file }: Asked): Promise<Answer<Question>> {
  const workflow = { workflowId }
  if (change === '') return { ok: true, data: { workflow, before: { options: {} } } }
  if (change === 'file' && file) return ofFile(workflow, file)
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

async function ofFile(workflow: Question['workflow'], file: File): Promise<Answer<Question>> {
  try {
    return { ok: true, data: { workflow, before: { workflow: decodeJson(await file.text(), { name: file.name }) } } }
  } catch (error) {
    if (error instanceof CodedError) return { ok: false, error: { code: error.code, message: error.message } }
    throw error
  }
}

interface ResultProps {
  readonly answer: Answer<ImpactReport> | null
  readonly busy: boolean
  readonly workflowId: string
  readonly files: readonly File[]
}

function Result({ answer, busy, workflowId, files }: ResultProps) {
  if (answer && !busy && !answer.ok) return <FailureState failure={answer.error} />
  if (!answer?.ok)
    return (
      <EmptyState title={busy ? 'Running both…' : 'Not compared yet'}>
        The workflow is run as it was and as it would be, on what the newest runs of its trigger began with, on data
        sets and on files. Nothing is sent.
      </EmptyState>
    )
  const { groups, same, refused } = answer.data
  const others = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="section tried-report" aria-label="Impact">
      <p className="tried-summary" role="status">
        {others === 0 ? 'No run goes differently.' : `${plural(others, 'run goes', 'runs go')} differently.`}
      </p>
      {groups.length > 0 && <Groups groups={groups} workflowId={workflowId} files={files} />}
      <p className="muted">
        {same + others === 0
          ? 'There is no run, data set or file to try it on.'
          : same > 0
            ? `${sameWords(answer.data)}.`
            : ''}
        {refused > 0 && ` ${plural(refused, 'input is', 'inputs are')} of another kind.`}
      </p>
    </section>
  )
}

interface GroupsProps {
  readonly groups: ImpactReport['groups']
  readonly workflowId: string
  readonly files: readonly File[]
}

function Groups({ groups, workflowId, files }: GroupsProps) {
  const sets = useStore(library, (state) => state.data)
  const isData = (name: string): boolean =>
    files.some((one) => name === one.name) ||
    (sets ?? []).some((one) => name === one.name || name.startsWith(`${one.name}: `))
  return (
    <table className="plain-table tried-groups" aria-label="Runs that go differently">
      <thead>
        <tr>
          <th scope="col">Runs</th>
          <th scope="col">First at</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col">Outcome</th>
          <th scope="col">For example</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ nodeId, before, after, outcomes: [was, is], count, examples }) => (
          <tr key={`${nodeId} ${before} ${after} ${was} ${is}`}>
            <td className="mono">{count}</td>
            <td>
              {nodeId === null ? (
                'the start or end'
              ) : (
                <a href={buildHash(['workflows', workflowId], { node: String(nodeId) })}>node {nodeId}</a>
              )}
            </td>
            <td>{before}</td>
            <td>{after}</td>
            <td>{was === is ? (is ?? 'none') : `${was ?? 'none'} → ${is ?? 'none'}`}</td>
            <td>
              {examples.slice(0, 1).map((one) =>
                isData(one) ? (
                  one
                ) : (
                  <a key={one} href={buildHash(['runs', one])}>
                    {one}
                  </a>
                )
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
