import { whyNotRepeatable } from '../runs/again.ts'
import type { Json } from '../../../contract/json.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { ParsedParams } from '../../../contract/operations.ts'
import { unpackSteps, type PackedRunDetail } from '../../../contract/packed-steps.ts'
import type { RunPreview, RunStep, RunSummary } from '../../../contract/run-views.ts'
import { blameIn, causeOf } from '../runs/cause.ts'
import { clipEffect } from '../effects/clip.ts'
import { maskRunEffect } from '../effects/show.ts'
import { readOwnJson } from '../runs/input.ts'
import { textOf } from '../values/long-text.ts'
import { firstLook, stepChanges } from '../values/first-look.ts'
import { reasonOf } from '../values/reason.ts'
import { maskStepValue } from '../mask/value.ts'
import { detailOf } from '../runs/outlines.ts'
import { stepValue } from '../runs/run-book.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { Refs, WorkerHandlers } from '../thread/protocol.ts'
import { stepSizes } from '../values/sizes.ts'
import { searchAny } from '../values/search.ts'
import { watchRows } from '../values/watch.ts'
import { tellingStep } from '../../../engine/replay/telling-step.ts'
import { isLong } from '../../runs/outline.ts'
import { pageOf, valueAt } from '../../../engine/format/values.ts'

type ValueOperations =
  | 'runs.get'
  | 'runs.open'
  | 'runs.preview'
  | 'run.value'
  | 'run.search'
  | 'run.changes'
  | 'run.effects'
  | 'run.text'
  | 'run.why'
  | 'run.chain'
  | 'run.blame'
  | 'run.sizes'
  | 'run.watch'
  | 'data.value'
  | 'data.text'

/** The host knows what people said about a run since, and how it was grouped; the outline knows what is in it. */
const saidSince = ({
  name,
  pinned,
  deletedAt,
  parent,
  confidence,
  reason,
  size,
  verified
}: RunSummary): Partial<RunSummary> => ({
  ...{ name, pinned, deletedAt, parent, confidence, size },
  ...(reason === undefined ? {} : { reason }),
  ...(verified === undefined ? {} : { verified })
})

const withSaid = (detail: PackedRunDetail, { run }: Refs): PackedRunDetail =>
  run ? { ...detail, summary: { ...detail.summary, ...saidSince(run.summary) } } : detail

export function valueOperations(book: RunBook): Pick<WorkerHandlers, ValueOperations> {
  const valueOf = async (
    { runId, step, which, unmasked }: Pick<ParsedParams<'run.value'>, 'runId' | 'step' | 'which' | 'unmasked'>,
    refs: Refs
  ): Promise<Json | undefined> => {
    const run = await book.open(refs.run, runId, refs.halt)
    const value = stepValue(run, step, which)
    return unmasked ? value : maskStepValue(which, value, run.fold.data[step - 1])
  }
  const dataSets = new LastRead()
  return {
    'runs.get': async ({ runId, unmasked }, refs) =>
      withSaid(
        unmasked
          ? detailOf(await book.open(refs.run, runId, refs.halt))
          : (await book.outline(refs.run, runId, refs.halt)).detail,
        refs
      ),
    'runs.open': async ({ runId, step }, refs) => {
      const isRead = book.inMemory(runId) !== undefined
      const { detail: kept, workflow, rebuilt } = await book.outline(refs.run, runId, refs.halt)
      const detail = withSaid(kept, refs)
      const opened = { detail, workflow, rebuilt }
      if (isLong(detail.summary)) return { ...opened, first: null }
      const run = await book.open(refs.run, runId, refs.halt)
      const asked = step ?? tellingStep({ steps: run.fold.steps, throwable: detail.throwable })
      const why = whyNotRepeatable(run)
      const first = await firstLook(run, asked, refs, isRead)
      return { ...opened, first, ...(why === null ? {} : { notRepeatable: why }) }
    },
    'runs.preview': async ({ runId, steps: most }, refs) => {
      const { consequence, blockingErrors, steps } = (await book.outline(refs.run, runId, refs.halt)).detail
      return { consequence, blockingErrors, ...endsOf(unpackSteps(steps), most) }
    },
    'run.value': async (params, refs) => pageOf(await valueOf(params, refs), params.path, params.offset, params.limit),
    'run.text': async (params, refs) => textOf(valueAt(await valueOf(params, refs), params.path)),
    'run.search': async (params, refs) => searchAny(await valueOf(params, refs), params, refs.halt),
    'run.changes': async ({ runId, step, limit }, refs) =>
      stepChanges(await book.open(refs.run, runId, refs.halt), step, limit),
    'run.why': async ({ runId, step }, refs) => reasonOf(await book.open(refs.run, runId, refs.halt), step),
    'run.chain': async ({ runId, nodeId }, refs) => causeOf(await book.open(refs.run, runId, refs.halt), nodeId),
    'run.blame': async (params, refs) => blameIn(await book.open(refs.run, params.runId, refs.halt), params),
    'run.sizes': async ({ runId }, refs) => ({
      sizes: await stepSizes(await book.open(refs.run, runId, refs.halt), refs.halt)
    }),
    'run.watch': async (asked, refs) => ({
      rows: await watchRows(await book.open(refs.run, asked.runId, refs.halt), asked, refs.halt)
    }),
    'run.effects': async ({ runId, offset, limit, unmasked }, refs) => {
      const { effects } = (await book.open(refs.run, runId, refs.halt)).fold
      const page = effects.slice(offset, offset + limit)
      return { effects: (unmasked ? page : page.map(maskRunEffect)).map(clipEffect), total: effects.length }
    },
    'data.text': async ({ path }, refs) => {
      if (refs.dataFile === undefined) throw new CodedError('DATA_NOT_FOUND')
      return textOf(valueAt(await dataSets.read(refs.dataFile), path))
    },
    'data.value': async ({ path, offset, limit }, refs) => {
      if (refs.dataFile === undefined) throw new CodedError('DATA_NOT_FOUND')
      return pageOf(await dataSets.read(refs.dataFile, refs.dataName), path, offset, limit)
    }
  }
}

/** So many steps: mostly the first ones, and the last third the last ones. */
function endsOf(steps: readonly RunStep[], most: number): Pick<RunPreview, 'steps' | 'total'> {
  const total = steps.length
  const atEnd = Math.floor(most / 3)
  const shown = total <= most ? steps : [...steps.slice(0, most - atEnd), ...steps.slice(total - atEnd)]
  return {
    steps: shown.map(({ step, name, moduleType, result, success, branch, message, changed, effects }) => ({
      ...{ step, name, moduleType, result, success, branch, message, changed, effects }
    })),
    total
  }
}

/** The data set that is being looked at; paging through it must not parse it again. */
class LastRead {
  #file: string | null = null
  #value: Promise<Json> | null = null

  read(file: string, name?: string): Promise<Json> {
    if (this.#file === file && this.#value) return this.#value
    this.#file = file
    const value = readOwnJson(file, name)
    this.#value = value
    value.catch(() => {
      if (this.#value === value) this.#file = null
    })
    return value
  }
}
