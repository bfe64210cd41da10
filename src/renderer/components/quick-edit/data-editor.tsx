// Data that is edited: as a tree with fields for what is changed most, or as text.
import { useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { CompletionSource } from '@codemirror/autocomplete'
import type { Json } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { pageOf, valueAt } from '../../../engine/format/values.ts'
import { client } from '../../client/client.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { JsonEditor } from '../json-editor.tsx'
import { JsonTree } from '../json-tree/json-tree.tsx'
import type { ValueSource } from '../json-tree/value-source.ts'
import { QuickEdit } from './quick-edit.tsx'

interface DataEditorProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly label: string
  readonly original?: string | null
  readonly complete?: CompletionSource
  readonly placeholder?: string
}

/** Undefined where a tree has nothing to show: no JSON, or no list or map. */
function treeOf(text: string): Json | undefined {
  if (text.trim() === '') return undefined
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** A value that is here already, as trees ask for it; `get` answers the present one. */
const ownSource = (label: string, get: () => Json): ValueSource => ({
  key: `own/${label}`,
  load: (path, offset, limit) => Promise.resolve({ ok: true, data: pageOf(get(), path, offset, limit) }),
  search: (query, mode, cursor) =>
    client.call('source.search', { data: { json: get() as never }, query, in: mode, cursor }),
  text: (path) => Promise.resolve({ ok: true, data: { text: JSON.stringify(valueAt(get(), path) ?? null, null, 2) } })
})

function TreeEditor({ root, label, onEdit }: { root: Json; label: string; onEdit: (root: Json) => void }) {
  const [path, setPath] = useState<ValuePath>([])
  const latest = useRef(root)
  const revision = useRef(0)
  if (latest.current !== root) {
    latest.current = root
    revision.current++
  }
  const source = useMemo(() => ownSource(label, () => latest.current), [label])
  return (
    <div className="column">
      <div className="grow" style={{ minHeight: 0 }}>
        <JsonTree source={source} label={label} revision={revision.current} onPick={setPath} />
      </div>
      <QuickEdit root={root} path={path} onEdit={onEdit} />
    </div>
  )
}

/** A person chooses tree or text once, for all data; a diff, and what is no JSON, is text. */
export function DataEditor({ value, onChange, original = null, ...props }: DataEditorProps) {
  const asText = useStore(preferences, (state) => state.dataAsText)
  const root = useMemo(() => treeOf(value), [value])
  // What is typed is JSON again and again on the way: the text stays under the hands of who types it.
  const [typed, setTyped] = useState<string | null>(null)
  const shown = asText || root === undefined || original !== null || value === typed ? 'text' : 'tree'
  const show = (one: 'tree' | 'text') => {
    setTyped(null)
    setPreference('dataAsText', one === 'text')
  }
  const type = (text: string) => {
    setTyped(text)
    onChange(text)
  }
  return (
    <div className="column">
      <div className="data-editor-bar" role="group" aria-label="Edit as">
        {(['tree', 'text'] as const).map((one) => (
          <button
            key={one}
            className="btn quiet"
            aria-pressed={shown === one}
            disabled={one === 'tree' && (root === undefined || original !== null)}
            onClick={() => show(one)}
          >
            {one === 'tree' ? 'Tree' : 'Text'}
          </button>
        ))}
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {shown === 'tree' && root !== undefined ? (
          <TreeEditor root={root} label={props.label} onEdit={(next) => onChange(JSON.stringify(next, null, 2))} />
        ) : (
          <JsonEditor value={value} onChange={type} original={original} {...props} />
        )}
      </div>
    </div>
  )
}
