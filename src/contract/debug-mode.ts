// What becomes of MISP when nobody listens to its debug posts: Workflow::sendRequestToDebugEndpoint throws a SocketException that nothing
// catches. The card, the closing of the app and the terminal say it in the same words.
import type { DebugMode } from './workspace.ts'
import { plural, wordFor } from './words.ts'

/** So many triggers are named. */
const most = 4

const named = (triggers: readonly string[]): string =>
  triggers.length > most
    ? `${triggers.slice(0, most).join(', ')} and ${plural(triggers.length - most, 'other')}`
    : triggers.join(', ')

/** What is known of workflows in debug mode, and where from; null when nothing is. */
function debugModeKnown({ posted, saved }: DebugMode): string | null {
  const now = posted.filter(({ isNew }) => isNew)
  const some = now.length > 0 ? now : posted
  if (some.length === 0)
    return saved.length === 0
      ? null
      : `${plural(saved.length, 'workflow')} of this workspace ${wordFor(saved.length, 'has', 'have')} debug mode on as imported or saved here (${named(saved)})`
  const sources = new Set(some.map(({ source }) => source)).size
  const whose = sources === 1 ? 'of this MISP' : `of ${sources} sources`
  const when = now.length > 0 ? 'since this start' : 'before this start'
  return `${plural(some.length, 'workflow')} ${whose} had debug mode on when ${wordFor(some.length, 'it', 'they')} posted ${when} (${named([...new Set(some.map(({ trigger }) => trigger))])})`
}

const consequence = 'MISP’s publishes, saves and queries with such a workflow fail, and so do its jobs'

/** For who ends Retrace now; null where no workflow in debug mode posted since the start. */
export function closingHazard(debug: DebugMode): string | null {
  if (!debug.posted.some(({ isNew }) => isNew)) return null
  return `${debugModeKnown(debug)}. From now on nobody listens: ${consequence}, until debug mode is switched off in MISP, or Retrace or “retrace listen” listens again.`
}

/** `known`: how many workflows that is, as far as it is known, and of what; null when nothing is. `advice`: what to do about it. */
export function debugHazard(debug: DebugMode): { readonly known: string | null; readonly advice: string } {
  const known = debugModeKnown(debug)
  const it = known === null ? 'the debug mode of workflows' : 'it'
  const advice = `Switch ${it} off in MISP before you close Retrace, or run “retrace listen” in its place: while nobody listens to its posts, ${consequence}.`
  return { known: known === null ? null : `${known}.`, advice }
}
