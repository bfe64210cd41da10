import { useState } from 'react'
import type { DragEvent, KeyboardEvent } from 'react'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { addItem, suggestedSource } from './actions.ts'
import type { Item } from './actions.ts'
import { useEditor } from './editor-context.ts'
import { searchItems, usePaletteItems } from './use-palette-items.ts'
import type { PaletteItem } from './use-palette-items.ts'

const dragType = 'application/x-retrace-item'
/** What is being dragged: `dataTransfer` cannot be read before the drop, and holds only text. */
let dragged: Item | null = null

export function takeDragged(event: DragEvent): Item | null {
  if (!event.dataTransfer.types.includes(dragType)) return null
  const item = dragged
  dragged = null
  return item
}

function Entry({ entry, onAdd }: { entry: PaletteItem; onAdd: () => void }) {
  return (
    <button
      className={`palette-item ${entry.group.toLowerCase()}`}
      draggable
      title={`${entry.detail}\n\nDrag it onto the graph or onto a connection, or click to add it after the selected node.`}
      onClick={onAdd}
      onDragStart={(event) => {
        dragged = entry.item
        event.dataTransfer.setData(dragType, entry.id)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onDragEnd={() => (dragged = null)}
    >
      <Icon name={moduleIcon(entry.icon)} size={12} />
      <span className="grow">{entry.title}</span>
      {entry.blocking && <Icon name="ban" size={10} title="Blocking module" />}
    </button>
  )
}

/** Everything that can be added, searchable. */
export function Palette() {
  const editor = useEditor()
  const items = usePaletteItems()
  const [query, setQuery] = useState('')
  const shown = searchItems(items, query)
  const groups = [...new Set(shown.map((entry) => entry.group))]
  const add = (entry: PaletteItem) => {
    const from = suggestedSource(editor)
    addItem(editor, entry.item, from ? { from } : {})
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && shown[0]) return add(shown[0])
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('.palette-item')]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next = event.key === 'ArrowDown' ? at + 1 : at - 1
    ;(all[next] ?? event.currentTarget.querySelector('input'))?.focus()
    event.preventDefault()
  }
  return (
    <section className="column editor-palette" aria-label="Modules to add" onKeyDown={onKeyDown}>
      <div className="palette-search">
        <SearchInput
          aria-label="Search modules and blueprints"
          placeholder="Modules"
          title="Search modules and blueprints (/)"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="scroll palette-list">
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <h2>{group}</h2>
            {shown
              .filter((entry) => entry.group === group)
              .map((entry) => (
                <Entry key={entry.id} entry={entry} onAdd={() => add(entry)} />
              ))}
          </div>
        ))}
        {shown.length === 0 && <p className="muted palette-none">No matches for “{query}”.</p>}
      </div>
    </section>
  )
}
