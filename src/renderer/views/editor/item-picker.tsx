import { useMemo, useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { addItem, suggestedSource, titleOf } from './actions.ts'
import { useCloseDialog, useEditor, useEditorState } from './editor-context.ts'
import { searchItems, usePaletteItems } from './use-palette-items.ts'
import type { PaletteItem } from './use-palette-items.ts'

interface Choice {
  readonly id: string
  readonly disabled: string | null
}

interface PickListProps<T extends Choice> {
  readonly label: string
  readonly placeholder: string
  readonly choices: (query: string) => readonly T[]
  readonly onPick: (choice: T) => void
  readonly row: (choice: T) => React.ReactNode
  readonly head?: React.ReactNode
}

/** A field over a list: type, arrows, Enter. */
export function PickList<T extends Choice>({ label, placeholder, choices, onPick, row, head }: PickListProps<T>) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const shown = choices(query)
  const chosen = shown[Math.min(at, shown.length - 1)]
  return (
    <>
      <SearchInput
        type="text"
        value={query}
        data-autofocus
        placeholder={placeholder}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls="pick-list"
        aria-activedescendant={chosen ? `pick-${chosen.id}` : undefined}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, shown.length - 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
          else if (event.key === 'Enter' && chosen) onPick(chosen)
          else return
          event.preventDefault()
        }}
      />
      {head}
      <div role="listbox" id="pick-list" aria-label={label}>
        {shown.map((choice, i) => (
          <div
            key={choice.id}
            id={`pick-${choice.id}`}
            role="option"
            aria-selected={choice === chosen}
            aria-disabled={choice.disabled !== null}
            className={choice.disabled === null ? '' : 'refused'}
            ref={choice === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onMouseMove={() => setAt(i)}
            onClick={() => onPick(choice)}
          >
            {row(choice)}
          </div>
        ))}
        {shown.length === 0 && <div className="empty">No matches for “{query}”.</div>}
      </div>
    </>
  )
}

/** Adds a module or blueprint: behind an output, into a connection, or at a place. */
export function AddDialog() {
  const editor = useEditor()
  const dialog = useEditorState((state) => state.dialog)
  const items = usePaletteItems()
  const place = useMemo(() => {
    if (dialog?.kind === 'insert') return { link: dialog.link }
    if (dialog?.kind !== 'add') return {}
    const from = dialog.from ?? (dialog.at ? undefined : suggestedSource(editor))
    return { ...(dialog.at ? { at: dialog.at } : {}), ...(from ? { from } : {}) }
  }, [dialog, editor])
  const close = useCloseDialog()
  const where =
    place.link !== undefined
      ? `Between ${titleOf(editor, place.link.from)} and ${titleOf(editor, place.link.to)}`
      : place.from
        ? `After ${titleOf(editor, place.from.from)}${place.from.output === 'output_1' ? '' : ', on false'}`
        : null
  const title = dialog?.kind === 'insert' ? 'Insert a node' : 'Add a node'
  type Row = PaletteItem & Choice
  return (
    <Dialog title={title} bare onClose={close}>
      <PickList<Row>
        label={title}
        placeholder="Search modules and blueprints"
        choices={(query) =>
          searchItems(items, query)
            .filter(({ item }) => !(place.link && item.kind === 'blueprint'))
            .map((one) => ({ ...one, disabled: null }))
        }
        head={where && <div className="group">{where}</div>}
        onPick={(choice) => {
          close()
          addItem(editor, choice.item, place)
        }}
        row={(choice) => (
          <>
            <Icon name={moduleIcon(choice.icon)} size={13} />
            <span>{choice.title}</span>
            <span className="muted ellipsis grow">{choice.detail}</span>
            <span className="muted">{choice.group}</span>
          </>
        )}
      />
    </Dialog>
  )
}
