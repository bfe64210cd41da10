import { useStore } from 'zustand'
import { Icon } from '../../components/icons.tsx'
import { ZoomButtons } from '../../components/workflow-graph/zoom-buttons.tsx'
import { preferences } from '../../stores/preferences.ts'
import { unfoldAll } from './actions.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { hideRun, showLastRun } from './last-run.ts'
import { useLayout } from './use-layout.ts'

/** How the graph is looked at, above it. */
export function CanvasBar() {
  const editor = useEditor()
  const { arrange } = useLayout()
  const fields = useStore(preferences, (state) => state.fieldsInNodes)
  const overlay = useEditorState((state) => state.runId !== null)
  return (
    <div className="graph-bar" role="toolbar" aria-label="Graph">
      <button className="btn quiet" title="Arrange automatically (L)" onClick={() => arrange()}>
        <Icon name="layout" /> Layout
      </button>
      <button
        className="btn quiet"
        aria-pressed={fields}
        title="Show parameters in the nodes, as MISP does (T: in the selected nodes)"
        onClick={() => unfoldAll(editor, !fields)}
      >
        <Icon name="list" /> Fields
      </button>
      <button
        className="btn quiet"
        aria-pressed={overlay}
        title="Lay the last run over the graph: states, branches, data of each node"
        onClick={() => (overlay ? hideRun(editor) : void showLastRun(editor))}
      >
        <Icon name="eye" /> Last run
      </button>
      <span className="grow" />
      <ZoomButtons />
    </div>
  )
}
