import { useEffect } from 'react'
import { toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { isDirty } from '../../stores/editor-state.ts'
import { keysOf } from '../../stores/editor-model.ts'
import { preferences } from '../../stores/preferences.ts'
import { duplicate, pasteText, removeSelected, selectionText, unfold, unfoldAll } from './actions.ts'
import { useEditor } from './editor-context.ts'
import { exportAs, formatLabels, formats } from './export.ts'
import { useLayout } from './use-layout.ts'

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const inDialog = (): boolean => document.querySelector('[role="dialog"]') !== null

/** Every action of the editor as a command with its key, and the system's clipboard. */
export function useEditorCommands(): void {
  const editor = useEditor()
  const { arrange, fit, show } = useLayout()
  useEffect(() => {
    const group = 'Edit workflow'
    const one = (): string | undefined => {
      const [only, ...more] = editor.getState().selection
      return more.length === 0 ? only : undefined
    }
    const walk = (by: number) => {
      const keys = keysOf(editor.graph())
      const at = keys.indexOf([...editor.getState().selection][0] ?? '')
      const next = keys[(at + by + keys.length + (at < 0 && by < 0 ? 1 : 0)) % keys.length]
      if (next === undefined) return
      editor.select([next])
      editor.setState({ tab: 'node' })
      show(next)
    }
    const insert = () => {
      const { link } = editor.getState()
      if (link) editor.setState({ dialog: { kind: 'insert', link } })
      else editor.refuse('Select a connection first: click it, or open it from its node.')
    }
    return addCommands([
      {
        id: 'edit.add',
        title: 'Add a node',
        group,
        keys: 'a',
        run: () => editor.setState({ dialog: { kind: 'add' } })
      },
      {
        id: 'edit.connect',
        title: 'Connect the selected node, or reconnect the selected connection',
        group,
        keys: 'c',
        run: () => {
          const { link } = editor.getState()
          const from = link?.from ?? one()
          if (from && link) editor.setState({ dialog: { kind: 'connect', from, output: link.output, moves: link } })
          else if (from) editor.setState({ dialog: { kind: 'connect', from } })
          else editor.refuse('Select the node the connection starts from.')
        }
      },
      { id: 'edit.insert', title: 'Insert a node into the connection', group, keys: 'i', run: insert },
      { id: 'edit.params', title: 'Edit parameters', group, keys: 'e', words: 'enter', run: () => focusParams(editor) },
      {
        id: 'edit.paramsEnter',
        title: 'Edit parameters',
        group,
        keys: 'enter',
        when: () => !inDialog(),
        run: () => focusParams(editor)
      },
      {
        id: 'edit.fields',
        title: 'Show fields in the selected nodes',
        group,
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
        group,
        words: 'parameters form unfold',
        run: () => unfoldAll(editor, !preferences.getState().fieldsInNodes)
      },
      { id: 'edit.next', title: 'Next node', group, keys: 'n', run: () => walk(1) },
      { id: 'edit.previous', title: 'Previous node', group, keys: 'p', run: () => walk(-1) },
      { id: 'edit.remove', title: 'Remove selection', group, keys: 'delete', run: () => removeSelected(editor) },
      {
        id: 'edit.removeBack',
        title: 'Remove selection',
        group,
        keys: 'backspace',
        run: () => removeSelected(editor)
      },
      { id: 'edit.duplicate', title: 'Duplicate', group, keys: 'mod+d', run: () => duplicate(editor) },
      {
        id: 'edit.all',
        title: 'Select all nodes',
        group,
        keys: 'mod+a',
        when: () => !typing(document.activeElement),
        run: () => editor.select(keysOf(editor.graph()))
      },
      {
        id: 'edit.none',
        title: 'Select nothing',
        group,
        keys: 'escape',
        run: () => {
          editor.select([])
          editor.refuse(null)
        }
      },
      { id: 'edit.undo', title: 'Undo', group, keys: 'mod+z', run: () => editor.undo() },
      { id: 'edit.redo', title: 'Redo', group, keys: 'mod+y', run: () => editor.redo() },
      {
        id: 'edit.frame',
        title: 'Frame the selected nodes',
        group,
        keys: 'f',
        run: () => editor.getState().selection.size > 0 && editor.setState({ dialog: { kind: 'frame' } })
      },
      {
        id: 'edit.blueprint',
        title: 'Save the selected nodes as a blueprint',
        group,
        keys: 'b',
        run: () => editor.getState().selection.size > 0 && editor.setState({ dialog: { kind: 'blueprint' } })
      },
      { id: 'edit.layout', title: 'Arrange automatically', group, keys: 'l', run: () => arrange() },
      { id: 'edit.fit', title: 'Show the whole graph', group, keys: '0', run: fit },
      {
        id: 'edit.search',
        title: 'Search modules to add',
        group,
        keys: '/',
        run: () => document.querySelector<HTMLElement>('.palette-search input')?.focus()
      },
      {
        id: 'edit.problems',
        title: 'Show problems',
        group,
        keys: 'o',
        run: () => editor.setState({ tab: 'problems' })
      },
      {
        id: 'edit.versions',
        title: 'Show versions',
        group,
        keys: 'v',
        run: () => editor.setState({ tab: 'versions' })
      },
      {
        id: 'edit.save',
        title: 'Save a version',
        group,
        keys: 'mod+s',
        run: () => {
          if (isDirty(editor.getState())) editor.setState({ dialog: { kind: 'save' } })
          else toast('No unsaved changes.')
        }
      },
      {
        id: 'edit.run',
        title: 'Run this workflow',
        group,
        keys: 'mod+enter',
        run: () => editor.setState({ dialog: { kind: 'try' } })
      },
      ...formats.map((format) => ({
        id: `edit.export.${format}`,
        title: `Export: ${formatLabels[format]}`,
        group,
        run: () => void exportAs(editor, format)
      }))
    ])
  }, [editor])

  useEffect(() => {
    // Shift is part of a character for the other shortcuts, so this one is heard here, before them.
    const redo = (event: KeyboardEvent) => {
      if (
        (event.ctrlKey || event.metaKey) &&
        event.shiftKey &&
        event.key.toLowerCase() === 'z' &&
        !typing(event.target)
      ) {
        event.preventDefault()
        editor.redo()
      }
    }
    const copy = (event: ClipboardEvent, cut: boolean) => {
      if (typing(event.target) || inDialog() || String(getSelection() ?? '') !== '') return
      const text = selectionText(editor)
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (cut) removeSelected(editor)
      else toast('Copied as JSON: paste it here, into another window or into a text editor')
    }
    const onCopy = (event: ClipboardEvent) => copy(event, false)
    const onCut = (event: ClipboardEvent) => copy(event, true)
    const onPaste = (event: ClipboardEvent) => {
      if (typing(event.target) || inDialog()) return
      if (pasteText(editor, event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault()
      else editor.refuse('The clipboard contains no nodes.')
    }
    addEventListener('keydown', redo, { capture: true })
    addEventListener('copy', onCopy)
    addEventListener('cut', onCut)
    addEventListener('paste', onPaste)
    return () => {
      removeEventListener('keydown', redo, { capture: true })
      removeEventListener('copy', onCopy)
      removeEventListener('cut', onCut)
      removeEventListener('paste', onPaste)
    }
  }, [editor])
}

function focusParams(editor: ReturnType<typeof useEditor>): void {
  editor.setState({ tab: 'node' })
  setTimeout(() => {
    const field =
      document.querySelector<HTMLElement>('.side-body .param-form :is(input, select, textarea)') ??
      document.querySelector<HTMLElement>('.side-body :is(input, select, textarea)')
    field?.focus()
  })
}
