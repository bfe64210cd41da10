// A case out of a run of the workspace, Retrace's own or a captured one, and whether it passes.
import type { Case, CaseResult } from '../../../contract/case.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { ParsedParams } from '../../../contract/operations.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import { inputInside } from '../../../engine/case/input.ts'
import { judge } from '../../../engine/case/judge.ts'
import { buildCase } from '../../../engine/case/make.ts'
import type { CaseMaterial } from '../../../engine/case/make.ts'
import { parseCase } from '../../../engine/case/parse.ts'
import { runCase } from '../../../engine/case/run-case.ts'
import { caseText } from '../../../engine/case/write.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { decodeJson } from '../../../engine/php/decode.ts'
import { nothingKept } from '../../../engine/run/surroundings/lacks.ts'
import { caseRunning } from '../../cases/test-case.ts'
import { maskEffect } from '../effects/show.ts'
import { createMask } from '../mask/run.ts'
import { maskWorkflow } from '../mask/value.ts'
import type { OpenRun } from '../runs/open-run.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { Refs } from '../thread/protocol.ts'
import { offlineOf } from '../verify/verify-captured.ts'

export interface MadeCase {
  readonly name: string
  readonly text: string
  /** Of running the case as it was made. */
  readonly result: CaseResult
}

const notMade = (why: string): CodedError => new CodedError('CASE_NOT_MADE', why)

/** Throws CASE_NOT_MADE, RUN_NOT_FOUND, WORKFLOW_NOT_FOUND. */
export async function makeCase(
  book: RunBook,
  { runId, expect, name, workflowFile, byName }: ParsedParams<'cases.make'>,
  refs: Refs
): Promise<MadeCase> {
  const run = await book.open(refs.run, runId, refs.halt)
  const of = run.summary.origin === 'captured' ? await capturedMaterial(book, run, refs) : localMaterial(run)
  const inside = maskWorkflow(of.workflow)
  const masked = createMask()
  const material: CaseMaterial = {
    name: (name ?? run.summary.name ?? nameOf(run)).slice(0, 200),
    workflow: byName
      ? { workflowName: nameInWorkspace(run, refs) }
      : workflowFile === undefined
        ? { workflow: inside }
        : { workflowFile },
    ...{ as: of.as, normalized: of.normalized, surroundings: hidden(of.surroundings), events: of.events.map(masked) },
    ticked: expect.length > 0 ? expect : ['outcome', 'path']
  }
  const made = withEnd(buildCase(material), run)
  const text = caseText(made)
  return { name: material.name, text, result: tried(text, inside, refs) }
}

/** Throws WORKFLOW_NOT_FOUND. */
function nameInWorkspace({ summary }: OpenRun, { run, cases }: Refs): string {
  const name = (run?.summary ?? summary).workflowName
  if (name !== null && cases?.workflows.some((one) => one.name === name)) return name
  throw new CodedError('WORKFLOW_NOT_FOUND', `The workspace has no workflow “${name ?? ''}” that the case could name.`)
}

const nameOf = ({ summary, fold }: OpenRun): string => {
  const workflow = summary.workflowName ?? summary.trigger
  return [workflow, fold.finished?.outcome, summary.event?.info].filter(Boolean).join(', ')
}

/** The same text once more, as it will be read. */
function tried(text: string, workflow: Json, refs: Refs): CaseResult {
  const given = parseCase(decodeJson(text, { maxDepth: 600 }), 'the case')
  const input = inputInside(given.input ?? null, 'the case', 'input')
  const ready = {
    case: given,
    file: 'the case',
    workflow: parseWorkflow(workflow, 'the workflow'),
    input,
    world: given.world
  }
  return judge(
    ready,
    runCase(
      ready,
      caseRunning(undefined, () => refs.halt?.check())
    ),
    maskEffect
  )
}

type Material = Pick<CaseMaterial, 'surroundings' | 'events' | 'as' | 'normalized'> & { readonly workflow: Json }

function localMaterial({ summary, surroundings, workflow, events, options, fold }: OpenRun): Material {
  const { id, origin, parent, state } = summary
  if (origin === 'imported') throw notMade(`MISP’s log has of ${id} only its lines, and not its data.`)
  if (parent?.relation === 'nested')
    throw notMade(`${id} was fired by another run. Make the case of that one: ${parent.runId}.`)
  if (state !== 'done' || fold.finished === null) throw notMade(`${id} did not come to its end.`)
  if (surroundings === null) throw notMade(`${id} cannot be kept as a case. ${nothingKept}`)
  if (surroundings.input.module || workflow === null)
    throw notMade(`${id} is a module that was run on its own; it has no workflow.`)
  const isAs = surroundings.input.insteadOf !== undefined && typeof options['as'] === 'string'
  return { surroundings, workflow, events, ...(isAs ? { as: options['as'] as string } : {}) }
}

/** What Retrace does with what MISP got; the run's end is MISP's. */
async function capturedMaterial(book: RunBook, run: OpenRun, refs: Refs): Promise<Material> {
  const { events, surroundings, workflow, normalized, missing } = await offlineOf(book, run, refs)
  if (surroundings === null || workflow === null)
    throw notMade(missing ?? `Nobody can tell what ${run.summary.id} depended on.`)
  return { surroundings, workflow, events, ...(normalized ? { normalized } : {}) }
}

/** Of a captured run the outcome is what MISP posted. */
function withEnd(made: Case, { summary, fold }: OpenRun): Case {
  const outcome = fold.finished?.outcome
  const isKnown = outcome !== undefined && outcome !== 'no end' && outcome !== 'cannot tell'
  if (summary.origin !== 'captured' || made.expect.outcome === undefined || !isKnown) return made
  return { ...made, expect: { ...made.expect, outcome } }
}

/** What custom modules asked for may hold keys, and so may requests of fired runs. */
function hidden(surroundings: Surroundings): Surroundings {
  const modules = surroundings.modules.map((module) => ({
    ...module,
    calls: module.calls.map((acts) =>
      acts.map((act) => (act[0] === 'ask' ? (['ask', maskEffect(act[1] as never) as never] as const) : act))
    )
  }))
  return { ...surroundings, modules, workflows: surroundings.workflows.map((one) => maskWorkflow(one) as typeof one) }
}
