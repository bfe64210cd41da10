// Where every stored post is, found out the long way: by looking at each one.
import type { CaptureService } from '../../src/host/capture/service.ts'

export interface Accounted {
  readonly stored: number
  readonly inRuns: number
  readonly unassigned: number
  /** In no run, and not listed as unassigned. */
  readonly nowhere: readonly number[]
  /** In two runs, or in a run and listed as unassigned. */
  readonly twice: readonly number[]
  /** In a run, and in no file. */
  readonly ghosts: readonly number[]
  /** Numbers that two posts have. */
  readonly repeated: readonly number[]
}

/** To be asked when the service is idle. Throws when its own figures say something else. */
export async function accountForPosts(service: CaptureService): Promise<Accounted> {
  const numbers = [...(await service.reader.numbers())]
  const stored = new Set(numbers)
  const claims = new Map<number, number>()
  for (const run of service.runs.values()) for (const [seq] of run.posts) claims.set(seq, (claims.get(seq) ?? 0) + 1)
  const listed = new Set(service.unassigned)
  const found: Accounted = {
    stored: stored.size,
    inRuns: numbers.filter((seq) => claims.has(seq)).length,
    unassigned: numbers.filter((seq) => listed.has(seq)).length,
    nowhere: numbers.filter((seq) => !claims.has(seq) && !listed.has(seq)),
    twice: [...claims].flatMap(([seq, count]) => (count > 1 || listed.has(seq) ? [seq] : [])),
    ghosts: [...claims.keys()].filter((seq) => !stored.has(seq)),
    repeated: [...numbers].sort((a, b) => a - b).filter((seq, i, all) => seq === all[i + 1])
  }
  const { total, inRuns, unassigned, waiting, removed } = await service.accounts()
  const [own, counted] = [
    [total - removed, inRuns, unassigned, waiting].join(),
    [found.stored, found.inRuns, found.unassigned, 0].join()
  ]
  if (found.nowhere.length === 0 && own !== counted) throw new Error(`figures: ${own}, counted: ${counted}`)
  return found
}

/** What is to be true always. */
export const allAccounted = { nowhere: [], twice: [], ghosts: [], repeated: [] }
