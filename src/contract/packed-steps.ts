// The steps of a run as they travel. Ten thousand of them are mostly the same few things said again: a node's name, its sentence, the
// edges that led to it. Said once, a long run opens as fast as it is drawn.
import type { Json } from './json.ts'
import type { FirstLook, RunDetail, RunStep } from './run-views.ts'

type Shape = Omit<RunStep, 'step' | 'path' | 'job' | 'at' | 'ms'>

/** A number in `rows` for each of these, step after step; the step's own number is its position. */
const columns = 5

/** `rows`: indexes into `shapes`, `paths` and `jobs`, then `at` and `ms` (milliseconds; null where it is not known). */
export interface PackedSteps {
  readonly shapes: readonly Shape[]
  readonly paths: readonly (readonly string[])[]
  readonly jobs: readonly (string | null)[]
  readonly rows: readonly (number | null)[]
}

export type PackedRunDetail = Omit<RunDetail, 'steps'> & { readonly steps: PackedSteps }

/** A run as its view shows it at first. */
export interface OpenedRun {
  readonly detail: PackedRunDetail
  /** As MISP exports it; null when it is unknown. */
  readonly workflow: Json
  /** The workflow was made from posts. */
  readonly rebuilt: boolean
  readonly first: FirstLook | null
  /** Why it cannot be repeated as it was; absent where it can, or where that is not looked into: of captured and of long runs. */
  readonly notRepeatable?: string
}

/** Gives everything it is asked about a number, the same one for what is written the same. */
class Numbered<T> {
  readonly values: T[] = []
  readonly #numbers = new Map<string, number>()

  of(value: T): number {
    const key = JSON.stringify(value)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.values.length)
    return this.values.push(value) - 1
  }
}

/** To microseconds. */
const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000

export function packSteps(steps: readonly RunStep[]): PackedSteps {
  const shapes = new Numbered<Shape>()
  const paths = new Numbered<readonly string[]>()
  const jobs = new Numbered<string | null>()
  const rows: (number | null)[] = []
  for (const { step: _, path, job, at, ms, ...shape } of steps)
    rows.push(shapes.of(shape), paths.of(path), jobs.of(job), round(at), ms === null ? null : round(ms))
  return { shapes: shapes.values, paths: paths.values, jobs: jobs.values, rows }
}

export function unpackSteps({ shapes, paths, jobs, rows }: PackedSteps): RunStep[] {
  const steps: RunStep[] = []
  for (let i = 0; i < rows.length; i += columns) {
    const [shape, path, job, at, ms] = rows.slice(i, i + columns)
    steps.push({
      ...(shapes[shape ?? 0] as Shape),
      step: steps.length + 1,
      path: paths[path ?? 0] ?? [],
      job: jobs[job ?? 0] ?? null,
      at: at ?? 0,
      ms: ms ?? null
    })
  }
  return steps
}

/** Whether it is what `packSteps` answers: it may have been on disk. */
export function isPackedSteps(value: unknown): value is PackedSteps {
  const { shapes, paths, jobs, rows } = value as Partial<PackedSteps>
  if (![shapes, paths, jobs, rows].every(Array.isArray)) return false
  const most = [shapes, paths, jobs].map((list) => (list as readonly unknown[]).length)
  return (rows as readonly unknown[]).every((number, i) => {
    const limit = most[i % columns]
    return limit === undefined || (typeof number === 'number' && number >= 0 && number < limit)
  })
}

/** The run as views take it. */
export const unpackRun = (detail: PackedRunDetail): RunDetail => ({ ...detail, steps: unpackSteps(detail.steps) })
