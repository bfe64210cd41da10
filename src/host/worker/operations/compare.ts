import { packPairs } from '../../../contract/comparison.ts'
import type { ComparedStep, DiffPart, DiffStep, StepDifferences } from '../../../contract/comparison.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { say, sentences } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import { decidingRow } from '../../../engine/replay/compare/deciding.ts'
import { startDifferences, stepDifferences } from '../../../engine/replay/compare/step-differences.ts'
import type { PartDifferences } from '../../../engine/replay/compare/step-differences.ts'
import { Comparing, leftOut } from '../compare/comparing.ts'
import { endDifferences, partChanges, shownDifferences } from '../compare/part-words.ts'
import { ruleOf } from '../compare/surroundings-words.ts'
import { summaryOf } from '../compare/summary.ts'
import type { OpenRun } from '../runs/open-run.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { Refs, WorkerHandlers } from '../thread/protocol.ts'
import { reasonOf } from '../values/reason.ts'

type CompareOperations = 'runs.compare' | 'runs.compareStep' | 'runs.differences'

/** Differences of one part that are listed. */
const mostListed = 1000
/** Larger values are told in one line: they are asked for where they stand. */
const mostCharacters = 20_000

export function compareOperations(book: RunBook): Pick<WorkerHandlers, CompareOperations> {
  const comparing = new Comparing()
  const open = async (runId: string, otherId: string, refs: Refs) => {
    const a = await book.open(refs.run, runId, refs.halt)
    const b = await book.open(refs.otherRun, otherId, refs.halt)
    return { a, b, compared: comparing.of(a, b) }
  }
  return {
    'runs.compare': async ({ runId, otherId }, refs) => {
      const { a, b, compared } = await open(runId, otherId, refs)
      const deciding = decidingRow(compared)
      return {
        outcomes: outcomesOf(compared),
        summary: summaryOf(compared, deciding),
        pairs: packPairs(compared.rows),
        start: compared.start,
        deciding,
        renumbered: [...compared.nodes.toB].filter(([one, other]) => one !== other),
        leftOut: leftOut(a.summary, b.summary)
      }
    },
    'runs.compareStep': async ({ runId, otherId, row, limit }, refs) => {
      const { a, b, compared } = await open(runId, otherId, refs)
      return lineOf({ a, b, compared }, row, limit)
    },
    'runs.differences': async ({ runId, otherId, from, limit }, refs) => {
      const { compared } = await open(runId, otherId, refs)
      const end = Math.min(from + limit, compared.rows.length)
      const told = new Lines(compared)
      const steps = compared.rows.slice(from, end).map((row) => told.of(row))
      return {
        outcomes: outcomesOf(compared),
        summary: summaryOf(compared, decidingRow(compared)).map(({ text }) => text),
        start: startDifferences(compared).flatMap(listed),
        end: endOf(compared),
        steps,
        next: end < compared.rows.length ? end : null
      }
    }
  }
}

const outcomesOf = ({ a, b }: Compared) =>
  [a.run.fold.finished?.outcome ?? null, b.run.fold.finished?.outcome ?? null] as const

interface Opened {
  readonly a: OpenRun
  readonly b: OpenRun
  readonly compared: Compared
}

/** `row`: -1 for what the runs started with. */
function lineOf({ a, b, compared }: Opened, row: number, limit: number): StepDifferences {
  if (row < 0) {
    const parts = startDifferences(compared)
    return { parts: parts.map((part) => told(compared, part, limit)), reasons: [null, null], because: null }
  }
  const line = compared.rows[row]
  if (!line)
    throw new CodedError('STEP_NOT_FOUND', `The comparison has no line ${row}; it has ${compared.rows.length}.`)
  const parts = stepDifferences(compared, line).map((part) =>
    told(compared, shownDifferences(compared, part, line.a as number, line.b as number), limit)
  )
  const reason = (run: OpenRun, step: number | null) => (step === null ? null : reasonOf(run, step))
  const rule = line.cause === 'itself' ? ruleOf(compared, line) : null
  const because = becauseOf(line)
  return {
    parts,
    reasons: [reason(a, line.a), reason(b, line.b)],
    because: because && rule ? sentences(because, rule) : because
  }
}

const told = (compared: Compared, part: PartDifferences, limit: number) => ({
  in: part.in,
  changes: partChanges(compared, part, limit)
})

function becauseOf({ state, cause }: ComparedStep): Sentence | null {
  if (state === 'same') return null
  if (state === 'only a' || state === 'only b')
    return cause === 'before'
      ? say`Only one of the runs came here, because of what differs before.`
      : say`Only one of the runs came here; what led here is the same in both.`
  return cause === 'before'
    ? say`Its input differs already: the difference comes from earlier.`
    : say`The difference starts here: it gave something else for the same input, or its parameters or the answers to it differ.`
}

/** The lines as scripts get them. */
class Lines {
  readonly #jobs = new Map<unknown, number>()
  readonly #visits: { readonly a: readonly number[]; readonly b: readonly number[] }

  constructor(private readonly compared: Compared) {
    this.#visits = { a: visitsOf(compared, 'a'), b: visitsOf(compared, 'b') }
    const jobs = { a: jobsOf(compared, 'a'), b: jobsOf(compared, 'b') }
    for (const [walk, number] of [...jobs.a, ...jobs.b]) this.#jobs.set(walk, number)
  }

  of(line: ComparedStep): DiffStep {
    const { state, a, b, cause } = line
    const run = a !== null ? 'a' : 'b'
    const position = ((a ?? b) as number) - 1
    const side = this.compared[run]
    const parts = stepDifferences(this.compared, line).map((part) =>
      shownDifferences(this.compared, part, a as number, b as number)
    )
    return {
      ...{ state, a, b, cause },
      nodeId: side.run.fold.steps[position]?.nodeId ?? null,
      job: this.#jobs.get(side.walkOf[position]) ?? null,
      visit: this.#visits[run][position] ?? 1,
      differences: parts.flatMap(listed)
    }
  }
}

/** How often the node of each step was executed in its walk up to there. */
function visitsOf(compared: Compared, run: 'a' | 'b'): readonly number[] {
  const side = compared[run]
  const seen = new Map<unknown, Map<number | null, number>>()
  return side.run.fold.steps.map(({ nodeId }, i) => {
    const walk = side.walkOf[i]
    const counts = seen.get(walk) ?? new Map<number | null, number>()
    seen.set(walk, counts)
    const visit = (counts.get(nodeId) ?? 0) + 1
    counts.set(nodeId, visit)
    return visit
  })
}

/** Background jobs by their numbers. */
const jobsOf = (compared: Compared, run: 'a' | 'b') =>
  compared[run].walks.filter(({ job }) => job !== null).map((walk, i) => [walk, i + 1] as const)

const listed = ({ in: place, differences }: PartDifferences): readonly DiffPart[] =>
  differences.slice(0, mostListed).map(({ path, op, before, after }) => ({
    ...{ in: place, path: path.join('.'), op },
    before: short(before ?? null),
    after: short(after ?? null)
  }))

function endOf(compared: Compared): readonly DiffPart[] {
  const { ends } = compared
  if (ends === null) return []
  const differences = endDifferences(compared, ends)
  return listed({ in: 'result', before: ends[0], after: ends[1], differences, isCut: false })
}

const short = (value: Json): Json =>
  typeof value === 'object' && value !== null && JSON.stringify(value).length > mostCharacters
    ? previewOf(value)
    : value
