import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { useEscape } from '../hooks/use-escape.ts'
import { keysLabel } from '../stores/commands.ts'
import type { IconName } from './icons.tsx'
import { Layer } from './layer.tsx'

export interface MenuItem {
  readonly label: string
  /** Works in the list while the row is selected, as `delete` or `p`. */
  readonly keys?: string
  readonly run: () => void
  /** What is done often: a button of its own where what is selected is shown. */
  readonly icon?: IconName
  readonly danger?: boolean
  readonly disabled?: boolean
}

const open = createStore<
  { readonly x: number; readonly y: number; readonly items: readonly MenuItem[] } | { readonly items: null }
>(() => ({ items: null }))

/** Opens the one context menu at a place of the window. */
export const openMenu = (
  at: { readonly clientX: number; readonly clientY: number },
  items: readonly MenuItem[]
): void => open.setState({ x: at.clientX, y: at.clientY, items }, true)
const close = () => open.setState({ items: null }, true)

export function ContextMenu() {
  const menu = useStore(open)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!menu.items) return
    const before = document.activeElement
    box.current?.querySelector('button')?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [menu])
  useEscape(close, menu.items !== null)
  if (!menu.items) return null
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus()
    else if (event.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus()
    else if (event.key === 'Tab') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <Layer>
      <div className="menu-shade" onMouseDown={close} onContextMenu={(event) => event.preventDefault()}>
        <div
          ref={box}
          className="menu"
          role="menu"
          style={{
            left: Math.min(menu.x, innerWidth - 220),
            top: Math.max(8, Math.min(menu.y, innerHeight - 30 * menu.items.length - 16))
          }}
          onMouseDown={(event) => event.stopPropagation()}
          onKeyDown={onKeyDown}
        >
          {menu.items.map((item) => (
            <button
              key={item.label}
              role="menuitem"
              disabled={item.disabled}
              className={item.danger ? 'danger' : ''}
              onClick={() => {
                close()
                item.run()
              }}
            >
              <span className="grow">{item.label}</span>
              {item.keys && <span className="kbd">{keysLabel(item.keys)}</span>}
            </button>
          ))}
        </div>
      </div>
    </Layer>
  )
}
