import { useStore } from 'zustand'
import { Icon } from '../../components/icons.tsx'
import { openMenu } from '../../components/menu.tsx'
import { app } from '../../stores/app.ts'
import { isDirty } from '../../stores/editor-state.ts'
import { workflowRow } from '../../../engine/graph/document.ts'
import { navigate } from '../../stores/router.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { exportAs, formatLabels, formats } from './export.ts'
import { plural } from '../../../contract/words.ts'

function History() {
  const editor = useEditor()
  const undo = useEditorState((state) => state.past.at(-1)?.label)
  const redo = useEditorState((state) => state.future.at(-1)?.label)
  return (
    <>
      <button
        className="btn icon"
        aria-label="Undo"
        disabled={!undo}
        title={undo ? `Undo: ${undo} (Ctrl+Z)` : 'Undo (Ctrl+Z)'}
        onClick={() => editor.undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        className="btn icon"
        aria-label="Redo"
        disabled={!redo}
        title={redo ? `Redo: ${redo} (Ctrl+Y)` : 'Redo (Ctrl+Y)'}
        onClick={() => editor.redo()}
      >
        <Icon name="redo-alt" />
      </button>
    </>
  )
}

export function EditorToolbar({ problems }: { problems: number }) {
  const editor = useEditor()
  const detail = useEditorState((state) => state.detail)
  const name = useEditorState((state) => workflowRow(state.document)?.name)
  const dirty = useEditorState(isDirty)
  const draftAt = useEditorState((state) => state.draftAt)
  const errors = useEditorState((state) => state.problems.some(({ severity }) => severity === 'error'))
  const writable = useStore(app, (state) => state.workspace?.writable ?? true)
  return (
    <div className="toolbar" role="toolbar" aria-label="Workflow">
      <button
        className="btn quiet icon"
        aria-label="All workflows"
        title="All workflows"
        onClick={() => navigate(['workflows'])}
      >
        <Icon name="sitemap" />
      </button>
      <h1 className="ellipsis">{typeof name === 'string' && name !== '' ? name : detail.name}</h1>
      <span className="muted save-state" role="status">
        {dirty ? (draftAt ? 'Draft saved' : 'changed') : `Version ${detail.version}`}
      </span>
      <span className="grow" />
      <History />
      <span className="sep" />
      <button className="btn" title="Add a node (A)" onClick={() => editor.setState({ dialog: { kind: 'add' } })}>
        <Icon name="plus" /> Add
      </button>
      <button
        className={`btn problems-button ${errors ? 'error' : problems > 0 ? 'warn' : 'ok'}`}
        title="Show problems (O)"
        onClick={() => editor.setState({ tab: 'problems' })}
      >
        <Icon name={errors ? 'circle-exclamation' : problems > 0 ? 'triangle-exclamation' : 'check'} />
        {problems === 0 ? 'No problems' : plural(problems, 'problem')}
      </button>
      <span className="sep" />
      <button
        className="btn"
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          openMenu(
            { clientX: box.left, clientY: box.bottom + 4 },
            formats.map((format) => ({ label: formatLabels[format], run: () => void exportAs(editor, format) }))
          )
        }}
      >
        <Icon name="download" /> Export
      </button>
      <button
        className="btn"
        disabled={!dirty || !writable}
        title={writable ? 'Save a version (Ctrl+S)' : 'The workspace is read-only here'}
        onClick={() => editor.setState({ dialog: { kind: 'save' } })}
      >
        <Icon name="check" /> Save…
      </button>
      <button
        className="btn primary"
        title="Run this workflow (Ctrl+Enter)"
        onClick={() => editor.setState({ dialog: { kind: 'try' } })}
      >
        <Icon name="play" /> Run…
      </button>
    </div>
  )
}
