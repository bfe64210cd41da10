// True time on a strip of limited width: gaps longer than the work around them are folded to a thin mark, so that a branch
// that ran two minutes later does not press everything else into one pixel.
import { countLeading } from '../../../contract/lists.ts'
import type { RunStep } from '../../../contract/run-views.ts'

export interface TimeScale {
  /** 0..1 */
  readonly position: (at: number) => number
  readonly folds: readonly { readonly at: number; readonly ms: number }[]
  readonly total: number
}

export function timeScale(steps: readonly RunStep[]): TimeScale {
  const spans = steps.map((step) => [step.at, step.at + (step.ms ?? 0)] as const).sort((a, b) => a[0] - b[0])
  const busy = spans.reduce((sum, [from, to]) => sum + (to - from), 0)
  const limit = Math.max(50, busy * 0.5)
  const points: { at: number; shown: number }[] = [{ at: 0, shown: 0 }]
  const folds: { at: number; ms: number }[] = []
  let end = 0
  let shown = 0
  for (const [from, to] of spans) {
    const gap = from - end
    if (gap > limit) {
      folds.push({ at: end, ms: gap })
      shown += limit * 0.2
    } else if (gap > 0) shown += gap
    if (from > end) points.push({ at: from, shown })
    if (to > Math.max(end, from)) {
      shown += to - Math.max(end, from)
      points.push({ at: to, shown })
    }
    end = Math.max(end, to, from)
  }
  const width = shown || 1
  const position = (at: number): number => {
    const last = Math.max(0, countLeading(points, (point) => point.at <= at) - 1)
    const before = points[last] ?? { at: 0, shown: 0 }
    const after = points[last + 1]
    const part = after && after.at > before.at ? (at - before.at) / (after.at - before.at) : 0
    return (before.shown + part * ((after?.shown ?? before.shown) - before.shown)) / width
  }
  return { position, folds, total: end }
}
