// What of a workflow has ever run, over many inputs: asked of operations one at a time, by the app and by the terminal alike.
import { addHits, coverageOf, type Coverage, type Hits } from '../../contract/coverage.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import type { Ask, Tell } from './ask.ts'
import type { Touching } from './inputs.ts'

export async function reportCoverage(
  ask: Ask,
  question: Pick<ParsedParams<'coverage.of'>, 'workflow' | 'options'>,
  inputs: readonly Touching[],
  tell: Tell
): Promise<Coverage> {
  let all = (await ask('coverage.of', question)).hits as Hits
  let leftOut = 0
  for (const [done, { name, ...input }] of inputs.entries()) {
    tell(`Looking at ${name}`, done, inputs.length)
    const hits = 'hits' in input ? await input.hits() : (await ask('coverage.of', { ...question, ...input })).hits
    if (hits === null) leftOut++
    else all = addHits(all, hits)
  }
  return coverageOf(all, inputs.length - leftOut, leftOut)
}
