import { useMemo, useState } from 'react'
import { client } from '../../client/client.ts'
import { CheckRow } from '../../components/form-row.tsx'
import { coreFormatTrigger, sourceOf } from '../../components/chosen-data.ts'
import type { Chosen } from '../../stores/chosen.ts'
import { DataChooser } from '../../components/data-chooser.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { valueSource } from '../../components/value-source.ts'
import { showFailure, toast } from '../../stores/app.ts'

/** What fits into the editor. */
const editLimit = 4_000_000

interface InputPaneProps {
  readonly chosen: Chosen
  readonly onChange: (next: Chosen) => void
  readonly step: Extract<Chosen, { kind: 'step' }> | null
  readonly convert: boolean
  readonly onConvert: (convert: boolean) => void
  readonly problem: string | null
}

export function InputPane({ chosen, onChange, step, convert, onConvert, problem }: InputPaneProps) {
  const [view, setView] = useState<'input' | 'converted'>('input')
  const shown = convert ? view : 'input'
  const edit = async () => {
    const source = sourceOf(chosen)
    if (!source) return
    const answer = await client.call('source.text', { data: source })
    if (!answer.ok) return showFailure(answer.error)
    if (answer.data.text.length > editLimit) return toast('Too large to edit here (over 4 MB).')
    onChange({ kind: 'paste', text: answer.data.text })
  }
  return (
    <section className="execute-pane" aria-label="Input">
      <div className="pane-head" style={{ padding: '3px 10px' }}>
        <h2>Input</h2>
        <span className="grow" />
        <CheckRow
          style={{ margin: 0 }}
          label="Convert to MISP core format"
          checked={convert}
          onChange={(on) => {
            onConvert(on)
            setView(on ? 'converted' : 'input')
          }}
        />
      </div>
      <DataChooser id="execute-input" label="Input of the module" chosen={chosen} onChange={onChange} step={step} />
      {convert && (
        <div className="tabs" role="tablist" aria-label="Input">
          {(['input', 'converted'] as const).map((one) => (
            <button key={one} role="tab" aria-selected={shown === one} onClick={() => setView(one)}>
              {one === 'input' ? 'Original' : 'Converted'}
            </button>
          ))}
          {shown === 'converted' && (
            <span className="tag derived" style={{ margin: 'auto 6px' }}>
              derived
            </span>
          )}
        </div>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {shown === 'input' && chosen.kind === 'paste' ? (
          <DataEditor
            value={chosen.text}
            onChange={(text) => onChange({ kind: 'paste', text })}
            complete={completeMisp}
            label="Input data"
            placeholder='{"Event": {…}}'
          />
        ) : problem !== null ? (
          <EmptyState title="No data yet">{problem}</EmptyState>
        ) : (
          <Looking chosen={chosen} converted={shown === 'converted'} />
        )}
      </div>
      {chosen.kind !== 'paste' && shown === 'input' && problem === null && (
        <div className="chooser" style={{ borderTop: '1px solid var(--line)', borderBottom: 0 }}>
          <button className="btn" onClick={() => void edit()}>
            Edit a copy
          </button>
        </div>
      )}
    </section>
  )
}

function Looking({ chosen, converted }: { chosen: Chosen; converted: boolean }) {
  const source = sourceOf(chosen, converted ? coreFormatTrigger : undefined)
  const key = JSON.stringify(source)
  const tree = useMemo(() => (source ? valueSource(source) : null), [key])
  return tree && <JsonTree key={key} source={tree} label={converted ? 'Converted data' : 'Input data'} />
}
