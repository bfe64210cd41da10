import { useState } from 'react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { DataSource } from '../../../contract/operations.ts'
import { fragmentOf } from '../../../engine/graph/fragment.ts'
import { client } from '../../client/client.ts'
import { AreaRow, SelectRow, TextRow } from '../../components/form-row.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { formatBytes } from '../../components/format.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { workflowRow } from '../../../engine/graph/document.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'
import { startRun } from '../../stores/start-run.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { frameSelection } from './actions.ts'
import { ConnectDialog } from './connect-dialog.tsx'
import { useCloseDialog, useEditor, useEditorState } from './editor-context.ts'
import { AddDialog } from './item-picker.tsx'
import { plural } from '../../../contract/words.ts'

interface FormDialogProps {
  readonly title: string
  readonly action: string
  readonly disabled?: boolean
  readonly onSubmit: () => void
  readonly children: ReactNode
}

function FormDialog({ title, action, disabled = false, onSubmit, children }: FormDialogProps) {
  const close = useCloseDialog()
  return (
    <Dialog title={title} onClose={close}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled) onSubmit()
        }}
      >
        {children}
        <div className="dialog-actions">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button className="btn primary" disabled={disabled}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function SaveDialog() {
  const editor = useEditor()
  const close = useCloseDialog()
  const errors = useEditorState((state) => state.problems).filter(({ severity }) => severity === 'error')
  const version = useEditorState((state) => state.detail.version)
  const [note, setNote] = useState('')
  const submit = async () => {
    if (await editor.save(note)) close()
  }
  return (
    <FormDialog title={`Save version ${version + 1}`} action="Save" onSubmit={() => void submit()}>
      {errors.length > 0 && (
        <div className="banner error" role="alert">
          <div>
            MISP would refuse to save this. Retrace saves it anyway:
            <ul>
              {errors.map(({ code, message }) => (
                <li key={code}>{message}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <TextRow
        id="save-note"
        label="Version note (optional)"
        value={note}
        placeholder="Shown in the list of versions"
        onChange={setNote}
      />
    </FormDialog>
  )
}

function BlueprintDialog() {
  const editor = useEditor()
  const close = useCloseDialog()
  const count = useEditorState((state) => state.selection.size)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const submit = async () => {
    const { nodes } = fragmentOf(editor.graph(), editor.getState().selection)
    const answer = await client.call('blueprints.save', { name, description, nodes: Object.values(nodes) })
    if (!answer.ok) return showFailure(answer.error)
    close()
    toast(`Blueprint “${answer.data.name}” saved`, {
      tone: 'success',
      action: { label: 'Show blueprints', run: () => navigate(['workflows', 'blueprints']) }
    })
  }
  return (
    <FormDialog
      title={`Save ${plural(count, 'node')} as a blueprint`}
      action="Save blueprint"
      disabled={name.trim() === ''}
      onSubmit={() => void submit()}
    >
      <TextRow id="blueprint-name" label="Name" value={name} onChange={setName} />
      <AreaRow
        id="blueprint-description"
        label="Description"
        rows={4}
        placeholder="[event-publish] What it does, and what to fill in"
        value={description}
        onChange={setDescription}
      />
    </FormDialog>
  )
}

function FrameDialog() {
  const editor = useEditor()
  const close = useCloseDialog()
  const [title, setTitle] = useState('')
  const submit = () => {
    close()
    frameSelection(editor, title)
  }
  return (
    <FormDialog title="Frame the selected nodes" action="Add frame" onSubmit={submit}>
      <TextRow id="frame-title" label="Title" value={title} onChange={setTitle} />
    </FormDialog>
  )
}

/** Runs what is on the canvas, saved or not. */
function TryDialog() {
  const editor = useEditor()
  const close = useCloseDialog()
  const data = useStore(library, (state) => state.data)
  const remembered = useEditorState((state) => state.dataId)
  const [dataId, setDataId] = useState(remembered ?? data?.[0]?.id ?? '')
  const [busy, setBusy] = useState(false)
  const { workflowId } = editor.getState()
  const sets = useAnswer('mocks.list', { workflowId })
  const offered = sets?.ok ? sets.data : []
  const [chosenSet, setChosenSet] = useState<string | null>(null)
  const mockSet = chosenSet ?? offered.find((set) => set.workflowId === workflowId)?.id ?? ''
  const submit = async () => {
    setBusy(true)
    const source: DataSource = { dataId }
    const name = workflowRow(editor.getState().document)?.name
    const answer = await startRun({
      workflow: { json: editor.getState().document },
      data: source,
      options: mockSet === '' ? {} : { mockSet },
      ...(typeof name === 'string' && editor.getState().document !== editor.getState().saved
        ? { name: `${name} (unsaved)` }
        : {})
    })
    setBusy(false)
    if (!answer) return
    if (!answer.ok) return showFailure(answer.error)
    close()
    editor.setState({ dataId })
    navigate(['runs', answer.data.runId])
  }
  return (
    <FormDialog title="Run this workflow" action="Run" disabled={dataId === '' || busy} onSubmit={() => void submit()}>
      <SelectRow id="try-data" label="Trigger data" value={dataId} onChange={setDataId}>
        {dataId === '' && <option value="">Choose…</option>}
        {(data ?? []).map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} ({formatBytes(one.size)})
          </option>
        ))}
      </SelectRow>
      {offered.length > 0 && (
        <SelectRow id="try-mocks" label="Responses of services" value={mockSet} onChange={setChosenSet}>
          <option value="">Dry run: recorded only, no responses</option>
          {offered.map((set) => (
            <option key={set.id} value={set.id}>
              {set.name}
            </option>
          ))}
        </SelectRow>
      )}
      <p className="muted">
        Dry run: requests and mails are recorded, nothing leaves this machine.{' '}
        <a href={`#/workflows/run?workflow=${encodeURIComponent(workflowId)}`}>More options</a>
      </p>
    </FormDialog>
  )
}

export function EditorDialogs() {
  const dialog = useEditorState((state) => state.dialog)
  const editor = useEditor()
  const refusal = useEditorState((state) => state.refusal)
  if (!dialog) return null
  switch (dialog.kind) {
    case 'add':
    case 'insert':
      return <AddDialog />
    case 'connect':
      return (
        <>
          <ConnectDialog key={dialog.from} from={dialog.from} output={dialog.output} moves={dialog.moves} />
          {refusal && (
            <span className="sr-only" role="alert">
              {refusal}
            </span>
          )}
        </>
      )
    case 'save':
      return <SaveDialog />
    case 'blueprint':
      return <BlueprintDialog />
    case 'frame':
      return <FrameDialog />
    case 'try':
      return <TryDialog key={editor.getState().workflowId} />
  }
}
