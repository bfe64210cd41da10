// Every action of the editor, with its key.
import type { Command } from '../../stores/commands.ts'
import { toast } from '../../stores/app.ts'
import type { Editor } from '../../stores/editor.ts'
import { keysOf } from '../../stores/editor-model.ts'
import { isDirty } from '../../stores/editor-state.ts'
import { preferences } from '../../stores/preferences.ts'
import { duplicate, removeSelected, unfold, unfoldAll } from './actions.ts'
import { exportAs, formatLabels, formats } from './export.ts'
import type { useLayout } from './use-layout.ts'

type EditorCommand = Omit<Command, 'group'>
type Layout = ReturnType<typeof useLayout>

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
export const isInDialog = (): boolean => document.querySelector('[role="dialog"]') !== null

function connect(editor: Editor): void {
  const { link, selection } = editor.getState()
  const [only, ...more] = selection
  const from = link?.from ?? (more.length === 0 ? only : undefined)
  if (from && link) editor.setState({ dialog: { kind: 'connect', from, output: link.output, moves: link } })
  else if (from) editor.setState({ dialog: { kind: 'connect', from } })
  else editor.refuse('Select the node the connection starts from.')
}

function insert(editor: Editor): void {
  const { link } = editor.getState()
  if (link) editor.setState({ dialog: { kind: 'insert', link } })
  else editor.refuse('Select a connection first: click it, or open it from its node.')
}

function walk(editor: Editor, { show }: Layout, by: number): void {
  const keys = keysOf(editor.graph())
  const at = keys.indexOf([...editor.getState().selection][0] ?? '')
  const next = keys[(at + by + keys.length + (at < 0 && by < 0 ? 1 : 0)) % keys.length]
  if (next === undefined) return
  editor.select([next])
  editor.setState({ tab: 'node' })
  show(next)
}

function focusParams(editor: Editor): void {
  editor.setState({ tab: 'node' })
  setTimeout(() => {
    const field =
      document.querySelector<HTMLElement>('.side-body .param-form :is(input, select, textarea)') ??
      document.querySelector<HTMLElement>('.side-body :is(input, select, textarea)')
    field?.focus()
  })
}

const addingCommands = (editor: Editor): EditorCommand[] => [
  {
    id: 'edit.add',
    title: 'Add a node',
    keys: 'a',
    run: () => editor.setState({ dialog: { kind: 'add' } })
  },
  {
    id: 'edit.connect',
    title: 'Connect the selected node, or reconnect the selected connection',
    keys: 'c',
    run: () => connect(editor)
  },
  { id: 'edit.insert', title: 'Insert a node into the connection', keys: 'i', run: () => insert(editor) }
]

const parameterCommands = (editor: Editor): EditorCommand[] => [
  { id: 'edit.params', title: 'Edit parameters', keys: 'e', words: 'enter', run: () => focusParams(editor) },
  {
    id: 'edit.paramsEnter',
    title: 'Edit parameters',
    keys: 'enter',
    when: () => !isInDialog(),
    run: () => focusParams(editor)
  },
  {
    id: 'edit.fields',
    title: 'Show fields in the selected nodes',
    keys: 't',
    words: 'parameters form unfold',
    run: () => {
      const { selection } = editor.getState()
      unfold(editor, selection.size > 0 ? selection : keysOf(editor.graph()))
    }
  },
  {
    id: 'edit.fieldsAll',
    title: 'Show fields in all nodes',
    words: 'parameters form unfold',
    run: () => unfoldAll(editor, !preferences.getState().fieldsInNodes)
  }
]

const selectionCommands = (editor: Editor, layout: Layout): EditorCommand[] => [
  { id: 'edit.next', title: 'Next node', keys: 'n', run: () => walk(editor, layout, 1) },
  { id: 'edit.previous', title: 'Previous node', keys: 'p', run: () => walk(editor, layout, -1) },
  { id: 'edit.remove', title: 'Remove selection', keys: 'delete', run: () => removeSelected(editor) },
  {
    id: 'edit.removeBack',
    title: 'Remove selection',
    keys: 'backspace',
    run: () => removeSelected(editor)
  },
  { id: 'edit.duplicate', title: 'Duplicate', keys: 'mod+d', run: () => duplicate(editor) },
  {
    id: 'edit.all',
    title: 'Select all nodes',
    keys: 'mod+a',
    when: () => !isTyping(document.activeElement),
    run: () => editor.select(keysOf(editor.graph()))
  },
  {
    id: 'edit.none',
    title: 'Select nothing',
    keys: 'escape',
    run: () => {
      editor.select([])
      editor.refuse(null)
    }
  }
]

const changeCommands = (editor: Editor): EditorCommand[] => [
  { id: 'edit.undo', title: 'Undo', keys: 'mod+z', run: () => editor.undo() },
  { id: 'edit.redo', title: 'Redo', keys: 'mod+y', run: () => editor.redo() },
  {
    id: 'edit.frame',
    title: 'Frame the selected nodes',
    keys: 'f',
    run: () => editor.getState().selection.size > 0 && editor.setState({ dialog: { kind: 'frame' } })
  },
  {
    id: 'edit.blueprint',
    title: 'Save the selected nodes as a blueprint',
    keys: 'b',
    run: () => editor.getState().selection.size > 0 && editor.setState({ dialog: { kind: 'blueprint' } })
  }
]

const viewCommands = (editor: Editor, { arrange, fit }: Layout): EditorCommand[] => [
  { id: 'edit.layout', title: 'Arrange automatically', keys: 'l', run: () => arrange() },
  { id: 'edit.fit', title: 'Show the whole graph', keys: '0', run: fit },
  {
    id: 'edit.search',
    title: 'Search modules to add',
    keys: '/',
    run: () => document.querySelector<HTMLElement>('.palette-search input')?.focus()
  },
  {
    id: 'edit.problems',
    title: 'Show problems',
    keys: 'o',
    run: () => editor.setState({ tab: 'problems' })
  },
  {
    id: 'edit.versions',
    title: 'Show versions',
    keys: 'v',
    run: () => editor.setState({ tab: 'versions' })
  }
]

const workflowCommands = (editor: Editor): EditorCommand[] => [
  {
    id: 'edit.save',
    title: 'Save a version',
    keys: 'mod+s',
    run: () => {
      if (isDirty(editor.getState())) editor.setState({ dialog: { kind: 'save' } })
      else toast('No unsaved changes.')
    }
  },
  {
    id: 'edit.run',
    title: 'Run this workflow',
    keys: 'mod+enter',
    run: () => editor.setState({ dialog: { kind: 'try' } })
  },
  ...formats.map((format) => ({
    id: `edit.export.${format}`,
    title: `Export: ${formatLabels[format]}`,
    run: () => void exportAs(editor, format)
  }))
]

export const editorCommands = (editor: Editor, layout: Layout): Command[] =>
  [
    ...addingCommands(editor),
    ...parameterCommands(editor),
    ...selectionCommands(editor, layout),
    ...changeCommands(editor),
    ...viewCommands(editor, layout),
    ...workflowCommands(editor)
  ].map((command) => ({ ...command, group: 'Edit workflow' }))
