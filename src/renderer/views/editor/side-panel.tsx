import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { rules } from '../../../contract/rules.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatTime } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { isDirty } from '../../stores/editor-state.ts'
import type { SideTab } from '../../stores/editor-state.ts'
import { keysOf, nodeInfo } from '../../stores/editor-model.ts'
import { library } from '../../stores/library.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { NodePanel } from './node-panel.tsx'
import { RunPanel } from './run-panel.tsx'
import { useLayout } from './use-layout.ts'

const tabs: readonly (readonly [SideTab, string])[] = [
  ['node', 'Edit'],
  ['problems', 'Problems'],
  ['versions', 'Versions'],
  ['run', 'Run']
]

export function SidePanel({ extra }: { extra: readonly WorkflowProblem[] }) {
  const editor = useEditor()
  const tab = useEditorState((state) => state.tab)
  const problems = [...useEditorState((state) => state.problems), ...extra]
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return (
    <section
      className="column side"
      aria-label="Side panel"
      onKeyDown={(event) => {
        // Out of a field and back to the graph, where single keys are shortcuts again.
        if (event.key !== 'Escape' || event.defaultPrevented) return
        if ((event.target as HTMLElement).closest('[role="dialog"]')) return
        event.stopPropagation()
        event.preventDefault()
        document.querySelector<HTMLElement>('.editor-canvas')?.focus()
      }}
    >
      <div className="tabs" role="tablist" aria-label="Side panel">
        {tabs.map(([name, label]) => (
          <button
            key={name}
            role="tab"
            id={`side-tab-${name}`}
            aria-selected={tab === name}
            aria-controls="side-panel"
            onClick={() => editor.setState({ tab: name })}
          >
            {label}
            {name === 'problems' && problems.length > 0 && (
              <span className={`count ${errors > 0 ? 'error' : 'warn'}`}>{problems.length}</span>
            )}
          </button>
        ))}
      </div>
      <div className="scroll side-body" role="tabpanel" id="side-panel" aria-labelledby={`side-tab-${tab}`}>
        {tab === 'node' && <NodePanel />}
        {tab === 'problems' && <Problems problems={problems} />}
        {tab === 'versions' && <Versions />}
        {tab === 'run' && <RunPanel />}
      </div>
    </section>
  )
}

function Problems({ problems }: { problems: readonly WorkflowProblem[] }) {
  const editor = useEditor()
  const { show } = useLayout()
  const data = useStore(library, (state) => state.data)
  const dataId = useEditorState((state) => state.dataId)
  const jump = ({ nodeIds }: WorkflowProblem) => {
    const wanted = new Set(nodeIds.map(String))
    const graph = editor.graph()
    const keys = keysOf(graph).filter((key) => wanted.has(String(nodeInfo(graph, key)?.nodeId)))
    if (keys[0] === undefined) return
    editor.select(keys)
    show(keys[0])
  }
  return (
    <>
      <div className="section">
        <SelectRow
          id="check-data"
          label="Test hash paths on"
          value={dataId ?? ''}
          onChange={(text) => editor.setState({ dataId: text || null })}
        >
          <option value="">no data</option>
          {(data ?? []).map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </SelectRow>
      </div>
      {problems.length === 0 && (
        <EmptyState title="No problems">MISP would save this workflow, and no problems were found.</EmptyState>
      )}
      <ul className="problems" aria-label="Problems">
        {problems.map((one, i) => (
          <Problem key={`${one.code}${i}`} problem={one} jump={jump} />
        ))}
      </ul>
    </>
  )
}

interface ProblemProps {
  readonly problem: WorkflowProblem
  readonly jump: (problem: WorkflowProblem) => void
}

function Problem({ problem, jump }: ProblemProps) {
  const { severity, code, message, nodeIds } = problem
  const { title, why, fix } = rules[code]
  return (
    <li>
      <button className={severity} onClick={() => jump(problem)} disabled={nodeIds.length === 0}>
        <Icon name={severity === 'error' ? 'circle-exclamation' : 'triangle-exclamation'} />
        <span>
          {severity === 'error' && <b>MISP refuses to save: </b>}
          {message}
          {nodeIds.length > 0 && (
            <span className="muted mono">
              {' '}
              {nodeIds
                .slice(0, 6)
                .map((id) => `#${id}`)
                .join(' ')}
            </span>
          )}
        </span>
      </button>
      <details className="rule">
        <summary aria-label={`${code}: explain the rule`}>{code}</summary>
        <p>
          <b>{title}.</b> {why}
        </p>
        <p>{fix}</p>
      </details>
    </li>
  )
}

function Versions() {
  const editor = useEditor()
  const detail = useEditorState((state) => state.detail)
  const dirty = useEditorState(isDirty)
  const comparison = useEditorState((state) => state.comparison)
  const [confirm, setConfirm] = useState<number | null>(null)
  useEffect(() => setConfirm(null), [comparison])
  return (
    <>
      <ul className="versions" aria-label="Versions">
        {dirty && (
          <li>
            <div>
              <b>Unsaved changes</b>
              <div className="muted">saved as draft</div>
            </div>
            <button className="btn" onClick={() => editor.setState({ dialog: { kind: 'save' } })}>
              Save…
            </button>
          </li>
        )}
        {[...detail.versions].reverse().map(({ version, savedAt, note }) => (
          <li key={version} className={comparison?.version === version ? 'chosen' : ''}>
            <div className="grow">
              <b>Version {version}</b> <span className="muted">{formatTime(savedAt)}</span>
              {note && <div className="note">{note}</div>}
            </div>
            <button
              className="btn"
              aria-pressed={comparison?.version === version}
              onClick={() => void editor.compare(comparison?.version === version ? null : version)}
            >
              Compare
            </button>
            {version !== detail.version && (
              <button
                className="btn"
                onClick={() => (confirm === version ? void editor.revert(version) : setConfirm(version))}
              >
                {confirm === version ? 'Confirm' : 'Revert'}
              </button>
            )}
          </li>
        ))}
      </ul>
      {comparison && (
        <div className="section">
          <SelectRow
            id="compare-with"
            label={`From version ${comparison.version} to`}
            value={comparison.with?.version ?? ''}
            onChange={(text) => void editor.compare(comparison.version, text === '' ? null : Number(text))}
          >
            <option value="">the current draft</option>
            {detail.versions
              .filter(({ version }) => version !== comparison.version)
              .map(({ version }) => (
                <option key={version} value={version}>
                  version {version}
                </option>
              ))}
          </SelectRow>
          {comparison.changes.length === 0 && <p className="muted">No difference.</p>}
          <ul className="changes" aria-label="Differences">
            {comparison.changes.map(({ kind, text, key }, i) => (
              <li key={i} className={kind}>
                {key === null ? (
                  text
                ) : (
                  <button onClick={() => editor.setState({ selection: new Set([key]) })}>{text}</button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
