import { autocompletion, closeBrackets } from '@codemirror/autocomplete'
import type { CompletionSource } from '@codemirror/autocomplete'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { linter, lintGutter } from '@codemirror/lint'
import { unifiedMergeView } from '@codemirror/merge'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import type { Extension } from '@codemirror/state'
import {
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder as placeholderText
} from '@codemirror/view'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  HighlightStyle,
  syntaxHighlighting
} from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', backgroundColor: 'var(--bg)', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--bg-pane)', color: 'var(--text-3)', border: 'none' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--bg-selected) !important'
  },
  '.cm-panels': { backgroundColor: 'var(--bg-pane)', color: 'var(--text)' },
  '.cm-tooltip': { backgroundColor: 'var(--bg-raised)', border: '1px solid var(--line-strong)', color: 'var(--text)' }
})
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--json-key)' },
  { tag: tags.string, color: 'var(--json-string)' },
  { tag: tags.number, color: 'var(--json-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--json-keyword)' }
])

const parseJson = jsonParseLinter()
/** An empty field is not wrong yet: whoever asks for it says that it is empty. */
const lintJson = (view: EditorView) => (view.state.doc.toString().trim() === '' ? [] : parseJson(view))

/** At each change: back to the original. To leave it needs no button. */
function takeBack(type: 'accept' | 'reject', action: (event: MouseEvent) => void): HTMLElement {
  if (type === 'accept') return document.createElement('span')
  const button = document.createElement('button')
  button.className = 'btn'
  button.textContent = 'Revert'
  button.addEventListener('mousedown', action)
  return button
}

interface EditorProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly label: string
  /** json: checked while typing. text: as it is. */
  readonly language?: 'json' | 'text'
  /** Shows what differs from this text, line by line. */
  readonly original?: string | null
  readonly complete?: CompletionSource
  readonly placeholder?: string
  readonly readOnly?: boolean
}

// Ctrl+Enter runs what is edited, so the editor leaves it alone.
/** A text editor: JSON checking, search, undo, folding, and a diff against the original. */
export function JsonEditor({
  value,
  onChange,
  label,
  language = 'json',
  original = null,
  complete,
  placeholder,
  readOnly = false
}: EditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const change = useRef(onChange)
  const diff = useRef(new Compartment())
  change.current = onChange
  useEffect(() => {
    if (!box.current) return
    const extensions: Extension[] = [
      lineNumbers(),
      history(),
      foldGutter(),
      bracketMatching(),
      closeBrackets(),
      highlightSelectionMatches(),
      search({ top: true }),
      highlightSpecialChars(),
      // Tab is not among them: it leads on, as from any field. Ctrl+] indents.
      keymap.of([...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...historyKeymap, ...searchKeymap]),
      syntaxHighlighting(colours),
      syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.updateListener.of((update) => update.docChanged && change.current(update.state.doc.toString())),
      EditorState.readOnly.of(readOnly),
      diff.current.of([]),
      ...(placeholder ? [placeholderText(placeholder)] : []),
      ...(language === 'json' ? [json(), linter(lintJson, { delay: 400 }), lintGutter()] : []),
      ...(complete ? [autocompletion({ override: [complete] })] : [])
    ]
    view.current = new EditorView({ state: EditorState.create({ doc: value, extensions }), parent: box.current })
    return () => view.current?.destroy()
  }, [label, language, readOnly])
  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    view.current?.dispatch({
      effects: diff.current.reconfigure(
        original === null ? [] : unifiedMergeView({ original, mergeControls: takeBack, gutter: true })
      )
    })
  }, [original])
  return <div ref={box} style={{ height: '100%', overflow: 'hidden' }} />
}
