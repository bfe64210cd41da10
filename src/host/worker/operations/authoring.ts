// Operations for people who write workflows: looking into data, hash paths, node filters, templates, triggers that did not fire.
import { CodedError } from '../../../contract/errors.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { mergeSettings } from '../../../contract/misp-settings.ts'
import { completePath } from '../../../engine/hash/complete.ts'
import { lookAtPath } from '../../../engine/hash/look.ts'
import { completeAt } from '../../../engine/jinja/editor.ts'
import { renderTemplate } from '../../../engine/jinja/render.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { BroughtInput } from '../../../engine/run/given/bring.ts'
import { whyNotRun } from '../../../engine/run/why-not/run.ts'
import type { WhyNotQuestion } from '../../../engine/run/why-not/words.ts'
import { lookAtFilter } from '../../../engine/conditions/look-filter.ts'
import type { WorldData } from '../../../engine/world/world.ts'
import { inputFrom, valueFrom, workflowFrom } from '../values/data-source.ts'
import { moduleTable } from '../runs/module-table.ts'
import { ownJson } from '../runs/input.ts'
import { textOf } from '../values/long-text.ts'
import type { RunBook } from '../runs/run-book.ts'
import { withWorld } from '../runs/with-world.ts'
import { renderLive } from '../values/template-live.ts'
import { profileOf, withProfile } from '../runs/profile-for.ts'
import { mispOf, parseProfile } from '../runs/run-input.ts'
import { searchAny } from '../values/search.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { pageOf, valueAt } from '../../../engine/format/values.ts'
import { worldOfData } from '../runs/world-of-data.ts'
import type { WorkerHandlers } from '../thread/protocol.ts'

type AuthoringOperations =
  | 'source.value'
  | 'source.search'
  | 'source.text'
  | 'hash.complete'
  | 'hash.look'
  | 'hash.filter'
  | 'template.render'
  | 'template.renderLive'
  | 'template.complete'
  | 'modules.resolve'
  | 'triggers.whyNot'

/** What a preview of a template needs to show. */
const shownText = 200_000
const shownCompletions = 100

/** What is nothing that the trigger gets is one of the reasons why it did not run. */
const inputOrRefusal = (input: Promise<BroughtInput>): Promise<Pick<WhyNotQuestion, 'data' | 'shown' | 'refused'>> =>
  input.catch((error: unknown) => {
    if (!(error instanceof CodedError) || error.code !== 'INPUT_OTHER_KIND') throw error
    return { data: null, refused: error.message }
  })

export const authoringOperations = (book: RunBook): Pick<WorkerHandlers, AuthoringOperations> => ({
  'source.value': async ({ data, path, offset, limit }, refs) =>
    pageOf(await valueFrom(book, data, refs), path, offset, limit),
  'source.search': async ({ data, ...question }, refs) =>
    searchAny(await valueFrom(book, data, refs), question, refs.halt),
  'source.text': async ({ data, path }, refs) => textOf(valueAt(await valueFrom(book, data, refs), path)),
  'hash.complete': async ({ data, path, base }, refs) => ({
    keys: completePath(await valueFrom(book, data, refs), path, base, previewOf)
  }),
  'hash.look': async ({ data, path, base, limit }, refs) =>
    lookAtPath({ data: await valueFrom(book, data, refs), path, base, limit, preview: previewOf }),
  'hash.filter': async ({ data, filters, limit, profile }, refs) =>
    lookAtFilter(
      await valueFrom(book, data, refs),
      ownJson(filters) as JsonMap,
      limit,
      previewOf,
      profiles[profileOf(refs, profile)]
    ),
  'template.render': async ({ template, data, whole }, refs) => {
    const { output, error } = renderTemplate(template, await valueFrom(book, data, refs), {
      limits: refs.limits ?? {},
      clock: () => performance.now()
    })
    return {
      text: whole ? output : output.slice(0, shownText),
      characters: output.length,
      error: error ?? null
    }
  },
  'template.renderLive': async ({ template, data }, refs) =>
    renderLive(template, await valueFrom(book, data, refs), refs, shownText),
  'template.complete': async ({ template, offset, data }, refs) => {
    const { from, to, items } = completeAt(template, offset, await valueFrom(book, data, refs))
    return { from, to, items: items.slice(0, shownCompletions) }
  },
  'modules.resolve': async ({ moduleId, data, profile }, refs) => {
    const options = await withWorld({}, refs)
    const input: Json = data ? await valueFrom(book, data, refs) : null
    const world = worldOfData((options.world ?? {}) as WorldData, input)
    const table = await moduleTable(refs, profileOf(refs, profile))
    const enrichmentModules = table.listed.map((module) => plainText(module.name))
    return table.modules.resolve(table.get(moduleId), {
      ...{ world, enrichmentModules },
      adHocWorkflows: refs.adHocWorkflows ?? []
    })
  },
  'triggers.whyNot': async ({ trigger, data, workflow: source, settings, profile }, refs) => {
    const workflow = source ? await workflowFrom(book, source, refs) : null
    const given = profile === undefined ? {} : { profile }
    const asked = workflow && source ? await withProfile(given, { book, refs, workflow, source }) : { options: given }
    const options = await withWorld(asked.options, refs)
    const input = data ? await inputOrRefusal(inputFrom(book, data, { trigger, options, refs })) : { data: null }
    return whyNotRun({
      trigger,
      ...input,
      profile: parseProfile(options.profile),
      workflow,
      settings: mergeSettings(refs.settings, mispOf(options.settings), mispOf(settings))
    })
  }
})
