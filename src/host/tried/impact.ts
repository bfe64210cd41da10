// What a change would have changed, over many inputs: asked of operations, by the app and by the terminal alike.
import type { ParsedParams } from '../../contract/operations.ts'
import type { TriedReport, TriedRun } from '../../contract/tried.ts'
import type { Ask, Tell } from './ask.ts'
import { countRuns } from './count.ts'
import type { TriedInput } from './inputs.ts'

type Question = Omit<ParsedParams<'impact.compare'>, 'inputs'>

/** Inputs are asked about together, as what surrounds their runs is read once then: as many as take about so long, so that progress is told. */
const longMs = 150
const mostTogether = 50
/** The thread that is asked has the next ones there when it is done with some. */
const atOnce = 2

/** One run after another. */
async function* comparing(ask: Ask, question: Question, inputs: readonly TriedInput[]): AsyncGenerator<TriedRun> {
  const coming: Promise<readonly TriedRun[]>[] = []
  let asked = 0
  let together = 1
  for (;;) {
    while (coming.length < atOnce && asked < inputs.length) {
      const some = inputs.slice(asked, (asked += together)).map(({ data }) => data)
      const answer = ask('impact.compare', { ...question, inputs: some }).then(({ runs }) => runs)
      // Whoever waits for it gets the error; nobody does once an earlier one has failed.
      answer.catch(() => undefined)
      coming.push(answer)
    }
    const next = coming.shift()
    if (!next) return
    const began = performance.now()
    const runs = await next
    together = performance.now() - began < longMs ? Math.min(2 * together, mostTogether) : Math.ceil(together / 2)
    yield* runs
  }
}

export async function reportImpact(
  ask: Ask,
  question: Question,
  inputs: readonly TriedInput[],
  tell: Tell
): Promise<TriedReport> {
  const runs: (readonly [name: string, run: TriedRun])[] = []
  const compared = comparing(ask, question, inputs)
  for (const [done, { name }] of inputs.entries()) {
    tell(`Running on ${name}`, done, inputs.length)
    runs.push([name, (await compared.next()).value as TriedRun])
  }
  const { groups, ...counted } = countRuns(runs)
  return { ...counted, groups: groups.map(({ rules: _rules, endRules: _none, ...group }) => group) }
}
