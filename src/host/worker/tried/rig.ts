// Runs a workflow again and again on the same data, each time under other rules of MISP. Nothing leaves: effects are answered as in a dry run.
import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { triggerIdOf } from '../../../engine/graph/walk-helpers.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import { RunFold } from '../../../engine/replay/fold.ts'
import type { Mixed, RunInput } from '../../../engine/run/input.ts'
import { createRun } from '../../../engine/run/start.ts'
import { drive } from '../../../engine/run/walk/driver.ts'
import { isLive } from '../effects/live-choice.ts'
import { prepareEffects } from '../effects/prepare.ts'
import { customModulesOf } from '../runs/custom-modules.ts'
import type { RunBook } from '../runs/run-book.ts'
import { buildRunInput, environmentOf, type RunEnvironment } from '../runs/run-input.ts'
import { withWorld } from '../runs/with-world.ts'
import { noHalt } from '../thread/halt.ts'
import type { DataRefs, Refs } from '../thread/protocol.ts'
import { inputFrom } from '../values/data-source.ts'

interface Under {
  readonly profile: ProfileId
  readonly mixed?: Mixed
}

export interface Rig {
  readonly run: (under: Under) => Promise<ComparedRun>
}

/** `given`: a live choice is left out. What surrounds the runs is read once for all data; the runs on one have the same clock and draw the same ids. */
export async function rigFor(
  workflow: RawWorkflow,
  given: RunOptionsInput,
  { book, refs }: { readonly book: RunBook; readonly refs: Refs }
): Promise<(data: DataSource, own?: DataRefs) => Rig> {
  const { effects, ...others } = given
  const dry = effects && !isLive(effects) ? given : others
  const customModules = await customModulesOf(refs)
  const trigger = triggerIdOf(workflow.data)
  const settings = refs.settings ? { settings: refs.settings } : {}
  const workflows = refs.workflows ? { workflows: othersOf(refs) } : {}
  const options = remembering((profile: ProfileId) => withWorld({ ...dry, profile }, refs))
  const environments = new Map<ProfileId, RunEnvironment>()
  // Of the data all get the same: what is made up must not differ.
  const now = Math.floor(Date.now() / 1000)
  return (data, own = {}) => {
    const mine = { ...refs, ...own }
    const inputFor = remembering(async (profile: ProfileId) => {
      const full = await options(profile)
      const brought = await inputFrom(book, data, { trigger, options: full, refs: mine })
      const prepared = await prepareEffects({ book, refs: mine, data: brought.data, customModules, options: full })
      const { ports, ...around } = prepared
      const request = { workflow, ...around, ...settings, ...workflows, runId: 'upgrade' }
      const environment = environments.get(profile) ?? environmentOf(request)
      environments.set(profile, environment)
      return { input: buildRunInput({ ...request, brought }, environment), ports }
    })
    return {
      async run({ profile, mixed }) {
        const { input, ports } = await inputFor(profile)
        const options = { now, ...input.options, profile, ...(mixed ? { mixed } : {}) }
        return runOnce({ ...input, options }, ports, mine)
      }
    }
  }
}

function remembering<K, V>(make: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const made = new Map<K, Promise<V>>()
  return (key) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}

export const othersOf = (refs: Refs) =>
  (refs.workflows ?? []).map((other, i) => parseWorkflow(other, `workflow ${i + 1} of the workspace`))

/** UUIDs that every run draws in the same order. */
export function countedUuids(): { readonly drawn: ReadonlySet<string>; readonly uuid: () => string } {
  const drawn = new Set<string>()
  const uuid = (): string => {
    const id = `00000000-0000-4000-8000-${String(drawn.size + 1).padStart(12, '0')}`
    drawn.add(id)
    return id
  }
  return { drawn, uuid }
}

async function runOnce(input: RunInput, ports: Ports, refs: Refs): Promise<ComparedRun> {
  const events: RunEvent[] = []
  const fold = new RunFold()
  const { drawn, uuid } = countedUuids()
  const halt = refs.halt ?? noHalt
  const stepper = createRun(input, { ...ports, uuid, breath: () => halt.check() }, (event) => {
    events.push(event)
    fold.apply(event)
  })
  const perform = (): Promise<never> => Promise.reject(new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.'))
  await drive(stepper, { perform, breathe: () => halt.breathe(), stopped: () => halt.asked })
  halt.check()
  const workflow = input.workflow as unknown as Json
  // The clock stands still and is the same in all of them: a time that differs is a difference.
  return { fold, events, origin: 'local', workflow, rebuilt: false, clock: null, drawn }
}
