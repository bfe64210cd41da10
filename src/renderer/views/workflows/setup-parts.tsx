// The parts of the page that starts a run.
import { EntryChooser } from '../../components/data-chooser.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { formatBytes } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { ProfileRow, RawRow } from '../../components/run-with/run-options.tsx'
import type { OptionTexts } from '../../components/run-with/run-options.tsx'
import type { DataSummary, WorkflowSummary } from '../../../contract/workspace.ts'
import { triggerChoices } from '../../stores/start-run.ts'
import type { SetupData } from './setup-data.ts'

interface WorkflowRowProps {
  /** `again`: that of the run that is repeated. */
  readonly value: string
  readonly workflows: readonly WorkflowSummary[]
  readonly again: boolean
  readonly onChange: (id: string) => void
}

export function WorkflowRow({ value, workflows, again, onChange }: WorkflowRowProps) {
  const isGone = value !== '' && value !== 'again' && !workflows.some(({ id }) => id === value)
  const gone = (
    <div className="banner warn" role="alert">
      There is no workflow “{value}”. Choose another one.
    </div>
  )
  return (
    <SelectRow id="setup-workflow" label="Workflow" value={value} onChange={onChange} below={isGone && gone}>
      {again ? <option value="again">The workflow of that run</option> : <option value="">Choose…</option>}
      {workflows.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name} ({one.trigger ?? 'no trigger'})
        </option>
      ))}
    </SelectRow>
  )
}

interface DataRowProps {
  readonly data: SetupData
  readonly sets: readonly DataSummary[]
  readonly again: boolean
}

export function DataRow({ data: { source, setSource, index, setIndex }, sets, again }: DataRowProps) {
  return (
    <SelectRow
      id="setup-data"
      label="Data"
      value={source.kind === 'data' ? source.id : source.kind}
      onChange={(chosen) =>
        setSource(chosen === 'again' || chosen === 'paste' ? { kind: chosen } : { kind: 'data', id: chosen })
      }
      below={
        source.kind === 'data' && <EntryChooser source={{ dataId: source.id }} index={index} onChange={setIndex} />
      }
    >
      {again && <option value="again">The data of that run</option>}
      <option value="paste">Paste or type</option>
      {sets.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name} ({formatBytes(one.size)})
        </option>
      ))}
    </SelectRow>
  )
}

interface RunAsProps {
  readonly options: OptionTexts
  /** As which MISP it runs without a choice. */
  readonly usual: string
  readonly onChange: (options: OptionTexts) => void
}

export function RunAs({ options, usual, onChange }: RunAsProps) {
  return (
    <div className="section">
      <SelectRow id="setup-as" label="Run as" value={options.as} onChange={(as) => onChange({ ...options, as })}>
        <option value="">The workflow’s own trigger</option>
        {triggerChoices().map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectRow>
      <ProfileRow value={options.profile} usual={usual} onChange={(profile) => onChange({ ...options, profile })} />
      <RawRow checked={options.raw} onChange={(raw) => onChange({ ...options, raw })} />
    </div>
  )
}

interface EditMarksProps {
  readonly data: boolean
  readonly options: boolean
  readonly showDiff: boolean
  readonly onDiff: (show: boolean) => void
  readonly undo: () => void
}

/** Whether data and options are as they came. */
export function EditMarks({ data, options, showDiff, onDiff, undo }: EditMarksProps) {
  return (
    <>
      {data && <span className="tag mock">data edited</span>}
      {data && (
        <button className="btn" aria-pressed={showDiff} onClick={() => onDiff(!showDiff)}>
          <Icon name="compare" /> Diff
        </button>
      )}
      {options && <span className="tag mock">options edited</span>}
      {(data || options) && (
        <button className="btn" onClick={undo}>
          Undo edits
        </button>
      )}
    </>
  )
}

export function DataPane({ data, showDiff }: { data: SetupData; showDiff: boolean }) {
  const { original, text, edit, problem } = data
  return (
    <section className="column" aria-label="Data">
      {problem && !original.loading && !original.tooLarge && !original.failure && (
        <div className="banner warn">{problem}</div>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {original.loading ? (
          <Loading label="Loading data" />
        ) : original.failure ? (
          <FailureState failure={original.failure} />
        ) : original.tooLarge ? (
          <EmptyState title="Too large to edit here">
            It is used unchanged. To change a value, edit a copy of the file, or run step by step and edit the roaming
            data.
          </EmptyState>
        ) : (
          <DataEditor
            value={text}
            onChange={edit}
            complete={completeMisp}
            label="Trigger data"
            original={showDiff ? original.text : null}
            placeholder='{"Event": {…}}'
          />
        )}
      </div>
    </section>
  )
}
