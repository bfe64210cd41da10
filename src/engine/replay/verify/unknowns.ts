// What an offline run did not know: parts of the world, answers of services, settings. A difference behind one of them may come from there,
// so nobody can tell. An unknown whose whole influence a post shows is over once that post is equal.
import type { RunEvent } from '../../../contract/run.ts'
import { nodeNamed, say, termed, theirs } from '../../../contract/sentence.ts'
import type { VerifyMissing } from '../../../contract/verify.ts'

export interface Unknown {
  readonly missing: VerifyMissing
  /** '': the walk. */
  readonly job: string
  /** Position in its lane of the post that comes next. */
  readonly at: number
  /** Its influence is over when its own post is equal (`post`), when the one behind it is as well (`next`), or never. */
  readonly until: 'post' | 'next' | 'never'
}

export class UnknownBook {
  readonly #list: Unknown[] = []
  readonly #known = new Set<string>()

  add(unknown: Unknown): void {
    const { missing, job, at, until } = unknown
    const key = until === 'never' ? `${job} ${missing.text.text}` : `${job} ${at} ${missing.text.text}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    this.#list.push(unknown)
  }

  /** @param at the position of the next post in the event's lane */
  take(event: RunEvent, job: string, at: number): void {
    const missing = missingOf(event)
    if (missing !== null) this.add({ missing, job, at, until: untilOf(event) })
  }

  /** Those that a difference at a position of a lane may come from. */
  behind(job: string, at: number): readonly VerifyMissing[] {
    const found = this.#list.filter((unknown) => {
      // Branches go on with what the walk, and branches before them, left of the world.
      if (unknown.job !== job) return unknown.until === 'never' && job !== ''
      if (unknown.until === 'post') return unknown.at === at
      if (unknown.until === 'next') return unknown.at === at || unknown.at === at - 1
      return unknown.at <= at
    })
    return [...new Map(found.map(({ missing }) => [missing.text.text, missing])).values()].slice(0, mostSaid)
  }
}

const mostSaid = 20

/** What HTTP, mail and ZMQ answer shows in the result and the errors of their own node; what modules of misp-modules answer may go anywhere. */
const untilOf = (event: RunEvent): Unknown['until'] =>
  event.type === 'effect' && event.data.effect.kind !== 'misp-modules' ? 'post' : 'never'

function missingOf(event: RunEvent): VerifyMissing | null {
  if (event.type === 'note' && event.data.code === 'WORLD_UNKNOWN')
    return { what: 'world', text: say`${theirs(event.data.text)} Import it from MISP.` }
  // MISP has no such limit: what it did behind it is not run here.
  if (event.type === 'note' && event.data.code === 'RUN_LIMIT') return { what: 'limit', text: theirs(event.data.text) }
  if (event.type !== 'effect' || event.data.by !== 'record') return null
  const { nodeId, effect } = event.data
  const asked = effect.kind === 'misp-modules' ? termed(String(effect.body['module'] ?? '')) : termed(effect.kind)
  return {
    what: 'answer',
    text: say`What ${asked} answered to ${nodeNamed(nodeId)} is not known. Import the answer, or mock it.`
  }
}
