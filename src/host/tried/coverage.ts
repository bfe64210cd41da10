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
  let [done, leftOut] = [0, 0]
  const askAbout = async (input: Touching): Promise<readonly (Hits | null)[]> => {
    if ('names' in input) return input.hits()
    const { name: _name, ...one } = input
    return [(await ask('coverage.of', { ...question, ...one })).hits]
  }
  const named = inputs.map((input) => ('names' in input ? input.names : [input.name]))
  const total = named.flat().length
  for (const [i, input] of inputs.entries()) {
    const names = named[i] as readonly string[]
    tell(`Looking at ${names[0]}`, done, total)
    for (const hits of await askAbout(input)) {
      if (hits === null) leftOut++
      else all = addHits(all, hits)
    }
    done += names.length
  }
  return coverageOf(all, total - leftOut, leftOut)
}
