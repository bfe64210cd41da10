// What a change would have changed: `#/workflows/impact?workflow=ID`.
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ImpactReport } from '../../../contract/impact.ts'
import type { Params } from '../../../contract/operations.ts'
import { sameWords } from '../../../contract/upgrade.ts'
import type { Answer } from '../../../contract/wire.ts'
import { plural } from '../../../contract/words.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import { client } from '../../client/client.ts'
import { EmptyState, FailureState } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'
import { OverFields, overParams, type Over } from './over-fields.tsx'
import './tried.css'

/** `version:3`, `draft`, `profile:2.5.19`. */
type Change = string

export default function ImpactView({ query }: { query: ReadonlyMap<string, string> }) {
  useTitle('Impact')
  const workflows = useStore(library, (state) => state.workflows)
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [change, setChange] = useState<Change>('')
  const [over, setOver] = useState<Over>({ runs: '100', data: true })
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer<ImpactReport> | null>(null)
  useEffect(() => setChange(''), [workflowId])
  const compare = async () => {
    setBusy(true)
    const question = await questionOf(workflowId, change)
    setAnswer(question.ok ? await client.call('impact.report', { ...question.data, ...overParams(over) }) : question)
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
          className="tried-form tried-wide"
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
          <Changes key={workflowId} workflowId={workflowId} change={change} onChange={setChange} />
          <OverFields id="impact" over={over} onChange={setOver} runs="Runs of its trigger" />
          <button className="btn primary" disabled={busy || workflowId === '' || change === ''}>
            {busy ? <span className="spinner" style={{ width: 11, height: 11 }} /> : <Icon name="compare" />} Compare
          </button>
        </form>
        <Result answer={answer} busy={busy} workflowId={workflowId} />
      </div>
    </div>
  )
}

interface ChangesProps {
  readonly workflowId: string
  readonly change: Change
  readonly onChange: (change: Change) => void
}

function Changes({ workflowId, change, onChange }: ChangesProps) {
  const known = useStore(library, (state) => state.workflows?.find(({ id }) => id === workflowId))
  const draft = useAnswer('drafts.get', { workflowId: workflowId === '' ? 'none' : workflowId })
  const newest = known?.version ?? 1
  const older = Array.from({ length: newest - 1 }, (_, i) => newest - 1 - i)
  return (
    <SelectRow id="impact-change" label="Change" value={change} onChange={onChange}>
      <option value="">Choose what changes</option>
      {draft?.ok && draft.data && <option value="draft">the saved version → the unsaved changes</option>}
      {older.map((version) => (
        <option key={version} value={`version:${version}`}>
          version {version} → version {newest}
        </option>
      ))}
      {profileIds.map((id) => (
        <option key={id} value={`profile:${id}`}>
          {profileLabel(id)} instead of its MISP version
        </option>
      ))}
    </SelectRow>
  )
}

type Question = Pick<Params<'impact.report'>, 'workflow' | 'options' | 'before'>

async function questionOf(workflowId: string, change: Change): Promise<Answer<Question>> {
  const workflow = { workflowId }
  const [kind, value = ''] = change.split(':')
  if (kind === 'profile') return { ok: true, data: { workflow, options: { profile: value }, before: { options: {} } } }
  if (kind === 'draft') {
    const [draft, saved] = [
      await client.call('drafts.get', { workflowId }),
      await client.call('workflows.get', { workflowId })
    ]
    if (!draft.ok) return draft
    if (!saved.ok) return saved
    const json = draft.data?.workflow ?? saved.data.workflow
    return { ok: true, data: { workflow: { json }, before: { workflow: saved.data.workflow } } }
  }
  const older = await client.call('workflows.get', { workflowId, version: Number(value) })
  return older.ok ? { ok: true, data: { workflow, before: { workflow: older.data.workflow } } } : older
}

interface ResultProps {
  readonly answer: Answer<ImpactReport> | null
  readonly busy: boolean
  readonly workflowId: string
}

function Result({ answer, busy, workflowId }: ResultProps) {
  if (answer && !busy && !answer.ok) return <FailureState failure={answer.error} />
  if (!answer?.ok)
    return (
      <EmptyState title={busy ? 'Running both…' : 'Not compared yet'}>
        The workflow is run as it was and as it would be, on what the newest runs of its trigger began with and on data
        sets. Nothing is sent.
      </EmptyState>
    )
  const { groups, same, refused } = answer.data
  const others = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="section tried-report" aria-label="Impact">
      <p className="tried-summary" role="status">
        {others === 0 ? 'No run goes differently.' : `${plural(others, 'run goes', 'runs go')} differently.`}
      </p>
      {groups.length > 0 && <Groups groups={groups} workflowId={workflowId} />}
      <p className="muted">
        {same + others === 0
          ? 'There is no data set or run to try it on.'
          : same > 0
            ? `${sameWords(answer.data)}.`
            : ''}
        {refused > 0 && ` ${plural(refused, 'input is', 'inputs are')} of another kind.`}
      </p>
    </section>
  )
}

function Groups({ groups, workflowId }: { groups: ImpactReport['groups']; workflowId: string }) {
  const runs = useStore(library, (state) => state.data)
  const isData = (name: string): boolean =>
    (runs ?? []).some((one) => name === one.name || name.startsWith(`${one.name}: `))
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
