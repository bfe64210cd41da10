// Whatever can be pressed in the open view can be found in the command palette: it is read from the page, so that nothing is left out.
import { keysLabel } from '../../stores/commands.ts'
import type { Command } from '../../stores/commands.ts'

const pressable = 'button:not(:disabled), a[href], input[type="checkbox"]:not(:disabled), summary'
/** What belongs to one of many rows is offered by the row's own menu. */
const ofRows =
  '.react-flow__attribution, [role="row"], [role="treeitem"], [role="option"], [role="listbox"], li, .cm-editor'

const flat = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()

function nameOf(element: HTMLElement): string {
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.innerText
  return flat(element.getAttribute('aria-label')) || flat(label).replace(/ ?(▾|(?<=\D)\d+)$/, '') || flat(element.title)
}

const bare = (title: string): string => title.replace(/…$/, '').toLowerCase()

/** The part of the view that it stands in. */
function placeOf(element: HTMLElement): string {
  const place = element.closest<HTMLElement>(
    'section[aria-label], [role="group"][aria-label], [role="toolbar"][aria-label]'
  )
  return flat(place?.getAttribute('aria-label')) || flat(document.querySelector('.main h1')?.textContent) || 'This view'
}

/** `known`: commands with a shortcut; a button with the same name, or with its keys in its tooltip, is the same action and not listed twice. */
export function pageCommands(known: readonly Command[]): readonly Command[] {
  const shortcuts = new Set(known.flatMap(({ keys }) => (keys ? [`(${keysLabel(keys)})`] : [])))
  const titles = new Set(known.map(({ title }) => bare(title)))
  const roots = [...document.querySelectorAll('.main, .statusbar')]
  const found = new Map<string, Command>()
  for (const element of roots.flatMap((root) => [...root.querySelectorAll<HTMLElement>(pressable)])) {
    if (element.closest(ofRows) || element.getClientRects().length === 0) continue
    const shortcut = /\([^()]+\)$/.exec(element.title)?.[0]
    const title = nameOf(element)
    if (title === '' || titles.has(bare(title)) || (shortcut && shortcuts.has(shortcut))) continue
    const group = element.closest('.statusbar') ? 'Status' : placeOf(element)
    const id = `page.${group}.${title}`
    if (!found.has(id)) found.set(id, { id, title, group, words: element.title, run: () => press(element) })
  }
  return [...found.values()]
}

function press(element: HTMLElement): void {
  element.focus()
  element.click()
}
