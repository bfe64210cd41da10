// The address is the hash: `#/runs/ID/step/3?compare=ID2`. It works the same from a file (Electron) and over HTTP, and makes
// every view a link that can be shared between windows, with back and forward for free.
import { createStore } from 'zustand/vanilla'

export interface Route {
  /** Without the leading slash: ['runs', 'ID', 'step', '3']. */
  readonly parts: readonly string[]
  readonly query: ReadonlyMap<string, string>
}

function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const safe = (text: string) => {
    try {
      return decodeURIComponent(text)
    } catch {
      return text
    }
  }
  return { parts: path.split('/').filter(Boolean).map(safe), query: new Map(new URLSearchParams(query)) }
}

export function buildHash(parts: readonly (string | number)[], query: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  const text = params.toString()
  return `#/${parts.map((part) => encodeURIComponent(String(part))).join('/')}${text ? `?${text}` : ''}`
}

export const router = createStore<Route>(() => parseHash(location.hash))

const currentHash = (): string => {
  const { parts, query } = router.getState()
  return buildHash(parts, Object.fromEntries(query))
}

let writing: ReturnType<typeof setTimeout> | null = null

/** Browsers allow only so many changes of the address: a selection that moves with every frame is written when it rests. */
function writeAddress(): void {
  if (writing === null) return
  clearTimeout(writing)
  writing = null
  history.replaceState(null, '', currentHash())
}

addEventListener('hashchange', () => {
  // The address that the terminal prints, pasted into a page that is there: not a view.
  if (location.hash.startsWith('#token=')) return
  if (writing !== null) clearTimeout(writing)
  writing = null
  router.setState(parseHash(location.hash), true)
})
addEventListener('pagehide', writeAddress)

/** Goes to a view. `replace` leaves no entry to go back to: for selections that follow the keyboard. */
export function navigate(
  parts: readonly (string | number)[],
  query?: Record<string, string | undefined>,
  replace = false
): void {
  const hash = buildHash(parts, query)
  if (hash === currentHash()) return
  if (replace) {
    router.setState(parseHash(hash), true)
    writing ??= setTimeout(writeAddress, 100)
    return
  }
  writeAddress()
  location.hash = hash
}
