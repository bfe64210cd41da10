// A workflow tried on one input: under two versions of MISP, under what was and what would be, and what of it is touched.
import type { Hits } from '../../../contract/coverage.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { TriedRun } from '../../../contract/tried.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { listedCase } from '../../cases/case-files.ts'
import { hitsOfCase, readerAbout } from '../../cases/touching.ts'
import { casesOf } from '../cases/operations.ts'
import { ownJson } from '../runs/input.ts'
import { withProfile } from '../runs/profile-for.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { WorkerHandlers } from '../thread/protocol.ts'
import { touched } from '../tried/coverage.ts'
import { comparingSides } from '../tried/impact.ts'
import type { Versions } from '../tried/module-versions.ts'
import { compareVersions, lookAtUpgrade } from '../tried/upgrade.ts'
import { workflowFrom } from '../values/data-source.ts'

type TriedOperations = 'upgrade.look' | 'upgrade.compare' | 'impact.compare' | 'coverage.of' | 'coverage.ofCases'

const versionsOf = (from: string, to: string): Versions => ({ from: parseProfile(from), to: parseProfile(to) })

export const triedOperations = (book: RunBook): Pick<WorkerHandlers, TriedOperations> => ({
  'upgrade.look': async ({ workflow, from, to, options }, refs) =>
    lookAtUpgrade(await workflowFrom(book, workflow, refs), versionsOf(from, to), options, refs),
  'upgrade.compare': async ({ workflow, data, from, to, options }, refs) =>
    compareVersions(await workflowFrom(book, workflow, refs), data, versionsOf(from, to), options, { book, refs }),
  'impact.compare': async ({ workflow: source, inputs, options, before }, refs) => {
    const workflow = await workflowFrom(book, source, refs)
    const other =
      before.workflow === undefined ? workflow : parseWorkflow(ownJson(before.workflow), 'the workflow before')
    const side = async (one: RawWorkflow, given: RunOptionsInput) => ({
      workflow: one,
      options: (await withProfile(given, { book, refs, workflow: one, source })).options
    })
    const sides = { before: await side(other, before.options ?? options), after: await side(workflow, options) }
    const compare = await comparingSides(sides, { book, refs })
    const runs: TriedRun[] = []
    for (const [i, data] of inputs.entries()) {
      await refs.halt?.breathe()
      runs.push(await compare(data, refs.inputs?.[i] ?? {}))
    }
    return { runs }
  },
  'coverage.of': async ({ workflow: source, runId, data, options: given }, refs) => {
    const workflow = await workflowFrom(book, source, refs)
    const { options } = await withProfile(given, { book, refs, workflow, source })
    return { hits: await touched({ workflow, runId, data, options }, { book, refs }) }
  },
  'coverage.ofCases': async ({ workflow: source, workflowId, caseIds, profile }, refs) => {
    const { folder } = casesOf(refs)
    const workflow = await workflowFrom(book, source, refs)
    const asked = profile === undefined ? undefined : parseProfile(profile)
    const about = { workflow, id: workflowId, file: null, profile: asked }
    const reader = readerAbout(about)
    const hits: (Hits | null)[] = []
    for (const id of caseIds) {
      await refs.halt?.breathe()
      hits.push(hitsOfCase(reader, listedCase(folder, id), about, () => refs.halt?.check()))
    }
    return { hits }
  }
})
