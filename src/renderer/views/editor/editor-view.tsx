import { ReactFlowProvider } from 'reactflow'
import { useEffect, useMemo, useState } from 'react'
import type { ComponentProps } from 'react'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { Panes } from '../../components/panes.tsx'
import { showProfile } from '../../stores/added-modules.ts'
import { openEditor } from '../../stores/editor.ts'
import type { Editor } from '../../stores/editor.ts'
import { library } from '../../stores/library.ts'
import { useStore } from 'zustand'
import { useShownProfile } from '../../hooks/use-shown-profile.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { navigate, router } from '../../stores/router.ts'
import { EditorDialogs } from './dialogs.tsx'
import { CanvasBar } from './canvas-bar.tsx'
import { EditorCanvas } from './editor-canvas.tsx'
import { EditorContext, useEditor, useEditorState } from './editor-context.ts'
import { EditorToolbar } from './editor-toolbar.tsx'
import { Notices } from './notices.tsx'
import { Palette } from './palette.tsx'
import { SidePanel } from './side-panel.tsx'
import { useEditorCommands } from './use-editor-commands.ts'
import { usePathProblems } from './use-path-problems.ts'
import './editor-panels.css'

/** `#/workflows/ID`, with `?node=3` to show a node. */
export function EditorView({ workflowId }: { workflowId: string }) {
  const [opened, setOpened] = useState<Editor | string | null>(null)
  useEffect(() => {
    let current: Editor | null = null
    let wanted = true
    void openEditor(workflowId).then((editor) => {
      if (typeof editor !== 'string') current = editor
      if (!wanted) {
        showProfile(null)
        return current?.dispose()
      }
      const node = router.getState().query.get('node')
      if (node && typeof editor !== 'string') editor.select([node])
      setOpened(editor)
    })
    return () => {
      wanted = false
      current?.dispose()
    }
  }, [workflowId])
  const name = useStore(library, ({ workflows }) => workflows?.find(({ id }) => id === workflowId)?.name ?? null)
  useTitle(name)
  if (opened === null) return <Loading label="Opening workflow" />
  if (typeof opened === 'string')
    return (
      <EmptyState
        title={opened}
        actions={
          <button className="btn" onClick={() => navigate(['workflows'])}>
            All workflows
          </button>
        }
      />
    )
  return (
    <EditorContext.Provider value={opened}>
      <ReactFlowProvider>
        <EditorOfProfile />
      </ReactFlowProvider>
    </EditorContext.Provider>
  )
}

/** Everything in it shows modules: with another MISP it is another editor. */
function EditorOfProfile() {
  const profile = useEditorState((state) => state.profile?.profile ?? null)
  useShownProfile(profile)
  return <EditorBody key={profile} />
}

const noModules: ReadonlySet<string> = new Set()

function EditorBody() {
  const editor = useEditor()
  useEditorCommands()
  // Modules of the service and custom ones may be told after the workflow.
  useEffect(() => library.subscribe(({ modules }, before) => modules !== before.modules && editor.check()), [editor])
  const problems = useEditorState((state) => state.problems)
  const paths = usePathProblems()
  const disabled = useMemo(() => disabledIn(problems), [problems])
  return (
    <div className="column">
      <EditorToolbar problems={problems.length + paths.length} />
      <Notices />
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="editor"
          direction="row"
          panes={[
            { id: 'palette', content: <Palette />, size: 15, min: 11 },
            { id: 'canvas', content: <Canvas disabled={disabled} paths={paths} />, size: 59, min: 30 },
            { id: 'side', content: <SidePanel extra={paths} />, size: 26, min: 18 }
          ]}
        />
      </div>
      <EditorDialogs />
    </div>
  )
}

const Canvas = (props: ComponentProps<typeof EditorCanvas>) => (
  <div className="graph-box">
    <CanvasBar />
    <div className="graph-canvas">
      <EditorCanvas {...props} />
    </div>
  </div>
)

/** Ids of nodes whose module is disabled. */
function disabledIn(problems: ReturnType<Editor['getState']>['problems']): ReadonlySet<string> {
  const found = problems.filter(({ code }) => code === 'MODULE_DISABLED')
  return found.length === 0 ? noModules : new Set(found.flatMap(({ nodeIds }) => nodeIds.map(String)))
}
