// What an update of MISP changes for workflows, over all inputs that are known for each: asked of operations, one at a time, by the app and by
// the terminal alike.
import type { RunOptionsInput, WorkflowSource } from '../../contract/operations.ts'
import type { TriedRun } from '../../contract/tried.ts'
import type { UpgradeReport, UpgradeWorkflow } from '../../contract/upgrade.ts'
import { parseProfile } from '../worker/runs/run-input.ts'
import type { Ask, Tell } from './ask.ts'
import { countRuns } from './count.ts'
import type { TriedInput } from './inputs.ts'

export interface UpgradeSubject {
  readonly id: string | null
  readonly name: string
  readonly source: WorkflowSource
  readonly inputs: readonly TriedInput[]
}

export interface UpgradeQuestion {
  readonly from: string
  readonly to: string
  readonly options?: RunOptionsInput
  readonly subjects: readonly UpgradeSubject[]
}

export async function reportUpgrade(
  ask: Ask,
  { from: first, to: then, options = {}, subjects }: UpgradeQuestion,
  tell: Tell
): Promise<UpgradeReport> {
  const [from, to] = [parseProfile(first), parseProfile(then)]
  const total = subjects.reduce((sum, { inputs }) => sum + 1 + inputs.length, 0)
  const workflows: UpgradeWorkflow[] = []
  let done = 0
  for (const { id, name, source, inputs } of subjects) {
    tell(`Looking at ${name}`, done++, total)
    const look = await ask('upgrade.look', { workflow: source, from, to, options })
    const runs: (readonly [name: string, run: TriedRun])[] = []
    for (const input of inputs) {
      tell(`Running ${name} on ${input.name}`, done++, total)
      runs.push([input.name, await ask('upgrade.compare', { workflow: source, data: input.data, from, to, options })])
    }
    workflows.push({ id, name, ...look, ...countRuns(runs) })
  }
  return { from, to, workflows }
}
