import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Editor, EditorState } from '../../stores/editor.ts'

export const EditorContext = createContext<Editor | null>(null)

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (!editor) throw new Error('no editor around')
  return editor
}

export const useEditorState = <T>(pick: (state: EditorState) => T): T => useStore(useEditor(), pick)
