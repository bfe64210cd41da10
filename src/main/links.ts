// Links that lead out of the app. They come from MISP and from events, whose authors nobody knows: only http and https are opened, in the user's
// browser, and only after a person has seen the address.

/** The pages of MISP itself, which the app names. */
const knownHosts: ReadonlySet<string> = new Set(['misp-project.org', 'www.misp-project.org'])
const longestUrl = 2000

/** The address as the browser gets it; null for one that is not opened. */
export function outsideUrl(given: string): URL | null {
  // A browser drops these; a system's way of opening an address may not.
  if (given.length > longestUrl || /[\s\x00-\x1f\x7f"<>\\^`{|}]/.test(given) || !URL.canParse(given)) return null
  const url = new URL(given)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  // `https://misp-project.org@elsewhere.example` is made to be misread.
  return url.username === '' && url.password === '' && url.hostname !== '' ? url : null
}

export interface LinkDialogs {
  /** Resolves to true when a person says yes. */
  confirm(url: URL): Promise<boolean>
  open(url: string): Promise<void>
}

/** Opens a link in the user's browser. Resolves to whether it did. */
export async function openLink(given: string, { confirm, open }: LinkDialogs): Promise<boolean> {
  const url = outsideUrl(given)
  if (url === null) return false
  if (!(url.protocol === 'https:' && knownHosts.has(url.host)) && !(await confirm(url))) return false
  await open(url.href)
  return true
}
