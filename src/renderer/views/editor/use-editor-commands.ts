import { useEffect } from 'react'
import { toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { pasteText, removeSelected, selectionText } from './actions.ts'
import { editorCommands, isInDialog, isTyping } from './editor-commands.ts'
import { useEditor } from './editor-context.ts'
import { useLayout } from './use-layout.ts'

/** Every action of the editor as a command with its key, and the system's clipboard. */
export function useEditorCommands(): void {
  const editor = useEditor()
  const layout = useLayout()
  useEffect(() => addCommands(editorCommands(editor, layout)), [editor])

  useEffect(() => {
    // Shift is part of a character for the other shortcuts, so this one is heard here, before them.
    const redo = (event: KeyboardEvent) => {
      if (
        (event.ctrlKey || event.metaKey) &&
        event.shiftKey &&
        event.key.toLowerCase() === 'z' &&
        !isTyping(event.target)
      ) {
        event.preventDefault()
        editor.redo()
      }
    }
    const copy = (event: ClipboardEvent, cut: boolean) => {
      if (isTyping(event.target) || isInDialog() || String(getSelection() ?? '') !== '') return
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
      if (isTyping(event.target) || isInDialog()) return
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
