// A list below a text field: arrows choose, Enter or Tab takes, Escape closes.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'

export interface Suggestion {
  readonly key: string
  readonly text: string
  readonly note?: string
}

export interface SuggestionState<T extends Suggestion> {
  readonly items: readonly T[]
  readonly active: number
  readonly isOpen: boolean
  readonly listId: string
  readonly take: (item: T) => void
  open(): void
  close(): void
  /** True when the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean
  readonly inputProps: {
    readonly role: 'combobox'
    readonly 'aria-autocomplete': 'list'
    readonly 'aria-expanded': boolean
    readonly 'aria-controls': string
    readonly 'aria-activedescendant'?: string
  }
}

export function useSuggestions<T extends Suggestion>(
  id: string,
  items: readonly T[],
  take: (item: T) => void,
  { tab = false }: { readonly tab?: boolean } = {}
): SuggestionState<T> {
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const first = items[0]?.key
  useEffect(() => setActive(-1), [first, items.length])
  const listId = `${id}-list`
  const visible = isOpen && items.length > 0
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const done = () => {
      event.preventDefault()
      event.stopPropagation()
      return true
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!visible) setOpen(true)
      const by = event.key === 'ArrowDown' ? 1 : -1
      setActive((was) => (was + by + items.length + (was < 0 && by < 0 ? 1 : 0)) % Math.max(1, items.length))
      return done()
    }
    if (!visible) return false
    const item = items[active]
    if (event.key === 'Escape') {
      setOpen(false)
      return done()
    }
    const chosen = item ?? (tab && event.key === 'Tab' ? items[0] : undefined)
    if (chosen && (event.key === 'Enter' || (tab && event.key === 'Tab' && !event.shiftKey))) {
      take(chosen)
      return done()
    }
    return false
  }
  return {
    items,
    active,
    isOpen: visible,
    listId,
    take,
    open: () => setOpen(true),
    close: () => setOpen(false),
    onKeyDown,
    inputProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': visible,
      'aria-controls': listId,
      ...(visible && active >= 0 ? { 'aria-activedescendant': `${listId}-${active}` } : {})
    }
  }
}

const highest = 220
const gap = 2

/** Below its field, or above where there is more room: over everything, so that no pane or dialog cuts it off. */
function useTopLayer(box: RefObject<HTMLElement | null>, isOpen: boolean): void {
  useLayoutEffect(() => {
    const list = box.current
    const field = list?.parentElement
    if (!isOpen || !list || !field) return
    const place = () => {
      const { left, top, bottom, width } = field.getBoundingClientRect()
      const below = innerHeight - bottom - 2 * gap
      const isBelow = below >= Math.min(highest, list.scrollHeight) || below >= top
      list.style.left = `${left}px`
      list.style.width = `${width}px`
      list.style.maxHeight = `${Math.min(highest, isBelow ? below : top - 2 * gap)}px`
      list.style.top = isBelow ? `${bottom + gap}px` : 'auto'
      list.style.bottom = isBelow ? 'auto' : `${innerHeight - top + gap}px`
    }
    const follow = (event: Event) => event.target !== list && place()
    list.showPopover()
    place()
    addEventListener('scroll', follow, true)
    addEventListener('resize', place)
    const watch = new ResizeObserver(place)
    watch.observe(field)
    return () => {
      removeEventListener('scroll', follow, true)
      removeEventListener('resize', place)
      watch.disconnect()
    }
  }, [box, isOpen])
}

export function Suggestions<T extends Suggestion>({ state, label }: { state: SuggestionState<T>; label: string }) {
  const box = useRef<HTMLDivElement>(null)
  const { active, listId } = state
  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, listId])
  useTopLayer(box, state.isOpen)
  if (!state.isOpen) return <div id={listId} role="listbox" aria-label={label} hidden />
  return (
    <div ref={box} popover="manual" id={listId} className="suggestions" role="listbox" aria-label={label}>
      {state.items.map((item, i) => (
        <div
          key={item.key}
          id={`${listId}-${i}`}
          role="option"
          aria-selected={i === active}
          // The field keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault()
            state.take(item)
          }}
        >
          <span className="ellipsis">{item.text}</span>
          {item.note && <span className="note ellipsis">{item.note}</span>}
        </div>
      ))}
    </div>
  )
}
