import { createContext, useContext, useState } from 'react'
import { useStore } from 'zustand'
import type { Editor } from '../../stores/editor.ts'
import type { EditorState } from '../../stores/editor-state.ts'

export const EditorContext = createContext<Editor | null>(null)

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (!editor) throw new Error('no editor around')
  return editor
}

export const useEditorState = <T>(pick: (state: EditorState) => T): T => useStore(useEditor(), pick)

/** Closes the dialog that asks for it. Another one, opened while this one was waiting for the host, stays. */
export function useCloseDialog(): () => void {
  const editor = useEditor()
  const [own] = useState(() => editor.getState().dialog)
  return () => {
    if (editor.getState().dialog === own) editor.setState({ dialog: null })
  }
}
