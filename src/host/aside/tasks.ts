// What is done with texts from outside, in the thread for it or, with small ones, in place. What a task answers has bounds or is a
// fraction of the text: the main thread takes it as a whole.
import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { refuseLongWorkflow, refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { linesOfLogs, runsOfLogs } from '../capture/import/log-import.ts'
import { parseBlueprint, type BlueprintDefaults } from '../store/parse-blueprint.ts'
import { idsOf } from '../takeover/fetch.ts'
import { takeApart } from '../takeover/take-apart.ts'
import { refuseForeign } from '../../engine/run/given/foreign.ts'
import { pageOf } from '../../engine/format/values.ts'
import { WorldStore } from '../world/world-store.ts'
import { keepAnswers, listAnswers } from './answers.ts'
import { parseGiven, sizeOf, type GivenText } from './given-text.ts'

interface Named {
  readonly given: GivenText
  readonly name: string
}

async function workflow({ given, name }: Named): Promise<Json> {
  refuseLongWorkflow(await sizeOf(given), name)
  return parseGiven(given, name, (text) => refuseManyNodes({ text }, 'any', name))
}

async function blueprint({
  given,
  name,
  defaults
}: Named & { readonly defaults: BlueprintDefaults }): Promise<JsonMap> {
  refuseLongWorkflow(await sizeOf(given), name)
  return parseBlueprint(
    await parseGiven(given, name, (text) => refuseManyNodes({ text }, 'holder', name)),
    name,
    defaults
  )
}

/** A data set is what a run can start with: JSON, an object or a list of them. Nothing else is taken, so that nothing is found broken later. */
async function data({ given, name }: Named): Promise<void> {
  const value = await parseGiven(given, name)
  if (typeof value !== 'object' || value === null) throw notData(name)
  refuseForeign(value, name)
}

export const notData = (name: string): CodedError =>
  new CodedError('INPUT_NOT_OBJECT', `${name} is neither a JSON object nor a list.`, { file: name })

const ids = async ({ given, name }: Named): Promise<readonly string[]> => idsOf(await parseGiven(given, name))

interface InWorld {
  readonly folder: string
  readonly part: string
}

export const tasks = {
  workflow,
  blueprint,
  data,
  ids,
  takeApart,
  keepAnswers,
  listAnswers,
  runsOfLogs,
  linesOfLogs,
  worldParts: ({ folder }: { readonly folder: string }) => new WorldStore(folder).list(),
  worldPage: async ({ folder, part, path, offset, limit }: InWorld & Page) =>
    pageOf((await new WorldStore(folder).rows(part)) as Json, path, offset, limit),
  worldMerge: ({ folder, part, rows }: InWorld & { readonly rows: readonly JsonMap[] }) =>
    new WorldStore(folder).merge(part, rows)
}

interface Page {
  readonly path: readonly (string | number)[]
  readonly offset: number
  readonly limit: number
}
