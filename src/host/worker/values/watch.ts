// What hash paths find after each step, for those steps that are looked at.
import type { Json } from '../../../contract/json.ts'
import type { WatchCell, WatchRow } from '../../../contract/watch.ts'
import { formatCount } from '../../../contract/words.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import type { Located } from '../../../engine/hash/locate.ts'
import { valueAt } from '../../../engine/format/values.ts'
import { isSame } from '../../../engine/replay/diff.ts'
import type { RunFold } from '../../../engine/replay/fold.ts'
import { PathReader } from '../../../engine/replay/path-reader.ts'
import { createPauses } from '../../pauses.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { noHalt } from '../thread/halt.ts'

const shownValues = 3
const shownCharacters = 120

interface Asked {
  readonly paths: readonly string[]
  /** Steps, both included; what is behind the last one is left out. */
  readonly from: number
  readonly to: number
}

export async function watchRows({ fold }: OpenRun, { paths, from, to }: Asked, halt = noHalt): Promise<WatchRow[]> {
  const readers = paths.map((path) => new PathReader(path))
  const pause = createPauses(() => halt.check())
  const rows: WatchRow[] = []
  for (let step = from; step <= Math.min(to, fold.data.length); step++) {
    const now = seen(fold, step)
    const before = step === 0 ? now : seenBefore(fold, step)
    const cells: WatchCell[] = []
    for (const reader of readers) {
      const was = now === before ? null : reader.read(before)
      const found = reader.read(now)
      cells.push(cellOf(found, was !== null && isOther(was, found), step === 0 ? now : fold.data[step - 1]!.output))
      await pause()
    }
    rows.push({ step, cells })
  }
  return rows
}

/** The data after a step as the next node reads it: through the filters. Posts of a MISP show nothing else. */
const seen = ({ normalized, data }: RunFold, step: number): Json =>
  step === 0 ? (normalized ?? null) : (data[step - 1]?.view ?? null)

/** The same before it: after the step before in its walk, or what its branch began with. */
function seenBefore(fold: RunFold, step: number): Json {
  const { steps, data } = fold
  const job = steps[step - 1]?.job ?? null
  for (let before = step - 1; before > 0; before--)
    if ((steps[before - 1]?.job ?? null) === job) return seen(fold, before)
  return job === null ? seen(fold, 0) : (data[step - 1]?.input ?? null)
}

/** Places do not count: an item that moved is the same one. */
function isOther(before: readonly Located[], found: readonly Located[]): boolean {
  if (before === found) return false
  if (before.length !== found.length) return true
  return found.some(({ value }, i) => !isSame(before[i]?.value as Json, value))
}

function cellOf(found: readonly Located[], changed: boolean, output: Json): WatchCell {
  const [first] = found
  // A filter may have left out what stands before it in the data that is kept.
  const isThere = first !== undefined && isSame(valueAt(output, first.path), first.value)
  const texts = found.slice(0, shownValues).map(({ value }) => (value === '' ? '""' : previewOf(value)))
  const listed = `${texts.join(', ')}${found.length > shownValues ? ', …' : ''}`
  const text = found.length > 1 ? `${formatCount(found.length)}: ${listed}` : listed
  return { count: found.length, preview: text.slice(0, shownCharacters), changed, path: isThere ? first.path : null }
}
