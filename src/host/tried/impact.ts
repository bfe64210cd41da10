// What a change would have changed, over many inputs: asked of operations, by the app and by the terminal alike.
import type { ParsedParams } from '../../contract/operations.ts'
import type { TriedReport, TriedRun } from '../../contract/tried.ts'
import type { Ask, Tell } from './ask.ts'
import { countRuns } from './count.ts'
import type { TriedInput } from './inputs.ts'

/** The thread that is asked has the next one there when it is done with one. */
const atOnce = 3

export async function reportImpact(
  ask: Ask,
  question: Omit<ParsedParams<'impact.compare'>, 'data'>,
  inputs: readonly TriedInput[],
  tell: Tell
): Promise<TriedReport> {
  const runs: (readonly [name: string, run: TriedRun])[] = []
  const asked: Promise<TriedRun>[] = []
  for (const [done, { name }] of inputs.entries()) {
    tell(`Running on ${name}`, done, inputs.length)
    for (const { data } of inputs.slice(asked.length, done + atOnce)) {
      const coming = ask('impact.compare', { ...question, data })
      // Whoever waits for it gets the error; nobody does once an earlier one has failed.
      coming.catch(() => undefined)
      asked.push(coming)
    }
    runs.push([name, await (asked[done] as Promise<TriedRun>)])
  }
  const { groups, ...counted } = countRuns(runs)
  return { ...counted, groups: groups.map(({ rules: _rules, endRules: _none, ...group }) => group) }
}
