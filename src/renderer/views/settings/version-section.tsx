// Which MISP the workspace is treated as, and its workflows and sources of posts where they differ.
import type { ProfilesState, ProfileUse } from '../../../contract/profiles.ts'
import type { Params } from '../../../contract/operations.ts'
import { useStore } from 'zustand'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { PlainTable } from '../../components/plain-table.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { app, showFailure } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'

const reasons: Readonly<Record<ProfileUse['how'], string>> = {
  chosen: 'Chosen.',
  recognised: 'Recognised:',
  new: 'The newest one when this workspace was made.',
  before: 'This workspace is older than the choice of a version; it stays as it was until you change it.',
  workspace: 'As the workspace.'
}

const choose = (params: Params<'profiles.choose'>): void =>
  void client.call('profiles.choose', params).then((answer) => !answer.ok && showFailure(answer.error))

function WorkspaceVersion({ state }: { state: ProfilesState }) {
  const { profile, how, note, evidence, newer } = state.workspace
  const writable = useStore(app, ({ workspace }) => workspace?.writable ?? true)
  return (
    <>
      <SelectRow
        id="workspace-version"
        label="Runs, checks and modules behave like MISP"
        value={profile}
        disabled={!writable}
        onChange={(chosen) => choose({ for: 'workspace', profile: chosen })}
      >
        {state.profiles.map(({ id }) => (
          <option key={id} value={id}>
            {profileLabel(id)}
          </option>
        ))}
      </SelectRow>
      <p className="muted hint">
        {reasons[how]} {evidence.join(' ')} {note}
        {newer !== null && (
          <>
            {' '}
            There is a newer one, <span className="nowrap">{newer}</span>:{' '}
            <a href={buildHash(['workflows', 'upgrade'], { from: profile, to: newer })}>see what would change</a>.
          </>
        )}
      </p>
    </>
  )
}

interface OwnProps {
  readonly state: ProfilesState
  readonly rows: readonly {
    readonly name: string
    readonly use: ProfileUse
    readonly for: Params<'profiles.choose'>['for']
  }[]
  readonly title: string
  readonly usual: string
}

/** Those that have, or may have, another one than the workspace. */
function OwnVersions({ state, rows, title, usual }: OwnProps) {
  if (rows.length === 0) return null
  return (
    <PlainTable label={title} heads={[title, 'MISP']}>
      {rows.map(({ name, use, for: what }) => (
        <tr key={name}>
          <td>
            {name}
            {use.note !== '' && <div className="muted">{use.note}</div>}
          </td>
          <td>
            <select
              className="field"
              aria-label={`MISP version of ${name}`}
              value={use.how === 'chosen' ? use.profile : ''}
              onChange={(event) => choose({ for: what, profile: event.target.value || null })}
            >
              <option value="">{usual}</option>
              {state.profiles.map(({ id }) => (
                <option key={id} value={id}>
                  {profileLabel(id)}
                </option>
              ))}
            </select>
          </td>
        </tr>
      ))}
    </PlainTable>
  )
}

export function VersionSection() {
  const answer = useAnswer('profiles.list', {})
  const workflows = useStore(library, (state) => state.workflows)
  if (!answer) return <Loading />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const state = answer.data
  const nameOf = (id: string): string => workflows?.find((one) => one.id === id)?.name ?? id
  return (
    <>
      <WorkspaceVersion state={state} />
      <OwnVersions
        state={state}
        title="Workflows with a separate version"
        usual="As its nodes and the workspace say"
        rows={Object.entries(state.workflows).map(([id, use]) => ({ name: nameOf(id), use, for: { workflowId: id } }))}
      />
      <OwnVersions
        state={state}
        title="Sources of captured posts"
        usual="As its posts and the workspace say"
        rows={Object.entries(state.sources).map(([source, use]) => ({ name: source, use, for: { source } }))}
      />
    </>
  )
}
