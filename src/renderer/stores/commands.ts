// Every action has a name and may have a shortcut. The palette, the help sheet and the keyboard read the same list.
import { createStore } from 'zustand/vanilla'
import { closeInnermost } from './escape.ts'

export interface Command {
  readonly id: string
  readonly title: string
  /** Heading in the palette and in the help sheet. */
  readonly group: string
  /** As in `mod+k`, `g r` (two keys after one another), `?`. */
  readonly keys?: string
  readonly run: () => void
  /** Only offered when true. */
  readonly when?: () => boolean
  readonly words?: string
}

const commands = createStore<{ readonly byId: ReadonlyMap<string, Command> }>(() => ({ byId: new Map() }))

/** Adds commands as long as a view is open. Returns the function that takes them away. */
export function addCommands(added: readonly Command[]): () => void {
  commands.setState(({ byId }) => ({ byId: new Map([...byId, ...added.map((one) => [one.id, one] as const)]) }))
  return () =>
    commands.setState(({ byId }) => {
      const next = new Map(byId)
      for (const one of added) if (next.get(one.id) === one) next.delete(one.id)
      return { byId: next }
    })
}

type Source = () => readonly Command[]
const sources = new Set<Source>()

/** Commands that are made when somebody looks for them: of a selected row, of what can be pressed on the page. */
export function addCommandSource(source: Source): () => void {
  sources.add(source)
  return () => void sources.delete(source)
}

export const offeredCommands = (): readonly Command[] => [...sources].flatMap((source) => source())

export const availableCommands = (): readonly Command[] =>
  [...commands.getState().byId.values()].filter((one) => one.when?.() ?? true)

/** By its name, as the native menu says it; nothing happens where it is not offered. */
export const runCommand = (id: string): void =>
  availableCommands()
    .find((one) => one.id === id)
    ?.run()

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** `mod+k` as this machine writes it. */
export const keysLabel = (keys: string): string =>
  (keys === ' ' ? ['space'] : keys.split(' '))
    .map((stroke) =>
      stroke
        .split('+')
        .map((key) =>
          key === 'mod'
            ? isMac
              ? '⌘'
              : 'Ctrl'
            : key === 'shift'
              ? isMac
                ? '⇧'
                : 'Shift'
              : (names[key] ?? (key.length === 1 ? key.toUpperCase() : key === 'alt' ? 'Alt' : key))
        )
        .join(isMac ? '' : '+')
    )
    .join(' then ')
const names: Record<string, string> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: 'Enter',
  escape: 'Esc',
  delete: 'Del',
  f2: 'F2',
  f10: 'F10',
  space: 'Space',
  alt: isMac ? '⌥' : 'Alt'
}

/** The key with its modifiers, as commands name it. */
export function strokeOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  // Shift is part of a character such as `?`: it is named for keys that have none, and for letters with Ctrl or Cmd.
  const isNamed = event.key.length > 1 || (mod !== '' && /^[a-z]$/i.test(event.key))
  const shift = event.shiftKey && isNamed ? 'shift+' : ''
  const alt = event.altKey ? 'alt+' : ''
  return `${mod}${alt}${shift}${event.key.toLowerCase()}`
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Enter presses what has the focus. */
const presses = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName)

let first: { readonly stroke: string; readonly at: number } | null = null

/** The one keyboard listener. While typing, only shortcuts with Ctrl or Cmd work. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const stroke = strokeOf(event)
  if (stroke === 'escape' && closeInnermost()) return event.preventDefault()
  if (typing(event.target) && !stroke.startsWith('mod+')) return
  if (stroke === 'enter' && presses(event.target)) return
  if (document.querySelector('[role="dialog"][aria-modal="true"]') && !stroke.startsWith('mod+')) return
  const sequence = first && event.timeStamp - first.at < 1200 ? `${first.stroke} ${stroke}` : null
  const all = availableCommands()
  const hit = all.find((one) => one.keys === sequence) ?? all.find((one) => one.keys === stroke)
  if (hit) {
    first = null
    event.preventDefault()
    return hit.run()
  }
  first = all.some((one) => one.keys?.startsWith(`${stroke} `)) ? { stroke, at: event.timeStamp } : null
}
