// What is left behind when Retrace ends: workflows of a MISP that go on posting to it. Shells ask before they close, or say it when they do.
import { closingHazard } from '../../contract/debug-mode.ts'
import type { DebugMode } from '../../contract/workspace.ts'
import type { ShellHost } from '../connect-shell.ts'

/** From now on hears of posts; returns what to say at the end, null where nothing was heard since the start. */
export function watchPosts(host: Pick<ShellHost, 'listen'>): () => string | null {
  let heard: DebugMode | null = null
  host.listen((event) => {
    if (event.name !== 'capture.changed') return
    const { debug, elsewhere } = event.data
    // Who took them goes on.
    if (elsewhere !== undefined) heard = null
    else if (debug.posted.some(({ isNew }) => isNew)) heard = debug
  })
  return () => (heard === null ? null : closingHazard(heard))
}
