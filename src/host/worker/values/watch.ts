// What hash paths find after each step, for those steps that are looked at.
import type { Json } from '../../../contract/json.ts'
import type { WatchCell, WatchRow } from '../../../contract/watch.ts'
import { formatCount } from '../../../contract/words.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import type { Located } from '../../../engine/hash/locate.ts'
import { isSame } from '../../../engine/replay/diff.ts'
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
    const { input, output } = step === 0 ? { input: null, output: fold.normalized } : fold.data[step - 1]!
    const cells: WatchCell[] = []
    for (const reader of readers) {
      const before = step === 0 || input === output ? null : reader.read(input)
      const found = reader.read(output ?? null)
      cells.push(cellOf(found, before !== null && isOther(before, found)))
      await pause()
    }
    rows.push({ step, cells })
  }
  return rows
}

/** Places do not count: an item that moved is the same one. */
function isOther(before: readonly Located[], found: readonly Located[]): boolean {
  if (before === found) return false
  if (before.length !== found.length) return true
  return found.some(({ value }, i) => !isSame(before[i]?.value as Json, value))
}

function cellOf(found: readonly Located[], changed: boolean): WatchCell {
  const [first] = found
  const texts = found.slice(0, shownValues).map(({ value }) => (value === '' ? '""' : previewOf(value)))
  const listed = `${texts.join(', ')}${found.length > shownValues ? ', …' : ''}`
  const text = found.length > 1 ? `${formatCount(found.length)}: ${listed}` : listed
  return { count: found.length, preview: text.slice(0, shownCharacters), changed, path: first?.path ?? null }
}
