import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { addCommandSource, strokeOf } from '../../stores/commands.ts'
import { openMenu } from '../menu.tsx'
import type { MenuItem } from '../menu.tsx'

/** Runs what a key stands for in a row's menu, or opens the menu at the row. True when the key meant something. */
export function menuKey(event: KeyboardEvent, grid: HTMLElement | null, items: readonly MenuItem[] = []): boolean {
  const stroke = strokeOf(event.nativeEvent)
  if (items.length > 0 && (stroke === 'contextmenu' || stroke === 'shift+f10')) {
    const row = grid?.querySelector('[role="row"][aria-selected="true"]') ?? grid
    const { left, bottom } = row?.getBoundingClientRect() ?? { left: 0, bottom: 0 }
    openMenu({ clientX: left + 40, clientY: bottom }, items)
    return true
  }
  const item = items.find(({ keys, disabled }) => keys === stroke && !disabled)
  item?.run()
  return item !== undefined
}

/** The selected row's menu is in the command palette, too. */
export function useMenuCommands<T>(
  group: string,
  menu: ((item: T) => readonly MenuItem[]) | undefined,
  item: T | undefined
): void {
  const latest = useRef({ menu, item })
  latest.current = { menu, item }
  useEffect(
    () =>
      addCommandSource(() => {
        const { menu, item } = latest.current
        const items = menu && item !== undefined ? menu(item) : []
        return items
          .filter(({ disabled }) => !disabled)
          .map(({ label, keys, run }) => ({
            id: `selected.${label}`,
            title: label,
            group: `${group}: selected`,
            ...(keys ? { keys } : {}),
            run
          }))
      }),
    [group]
  )
}
