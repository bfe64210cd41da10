// `runs.open` gives what its view shows at first: what was asked in two rounds before.
import { describe, expect, it } from 'vitest'
import { unpackSteps } from '../../../src/contract/packed-steps.ts'
import { firstChanges, firstWorldChanges } from '../../../src/contract/run-views.ts'
import { tellingStep } from '../../../src/engine/replay/telling-step.ts'
import { chain } from '../../bench/ui-workloads.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, guard } from './samples.ts'

const { open, folder } = hosting()

describe('opening a run', () => {
  it('answers as the single questions do, for the step that explains the outcome and for one that is asked for', async () => {
    const host = await open(folder(), { listen: false })
    const event = eventOf(3, ['tlp:red'])
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: event } })
    await finished(host, runId)
    const { detail, workflow, rebuilt, first } = await ask(host, 'runs.open', { runId })
    expect(detail).toEqual(await ask(host, 'runs.get', { runId }))
    expect({ workflow, rebuilt }).toEqual(await ask(host, 'run.workflow', { runId }))
    const told = tellingStep({ ...detail, steps: unpackSteps(detail.steps) })
    expect(first?.step).toBe(told)
    for (const step of [told, 1]) {
      const look = step === told ? first : (await ask(host, 'runs.open', { runId, step })).first
      expect(look).toMatchObject({
        step,
        why: await ask(host, 'run.why', { runId, step }),
        changes: await ask(host, 'run.changes', { runId, step, limit: firstChanges })
      })
      const world = await ask(host, 'run.worldChanges', { runId, offset: 0, limit: firstWorldChanges })
      if (look?.world) expect(look.world).toEqual(world)
    }
    expect((await ask(host, 'runs.open', { runId, step: 0 })).first).toMatchObject({ step: 0, changes: null })
    expect((await ask(host, 'runs.open', { runId, step: 99 })).first).toBeNull()
  })

  it('looks at no data of a long or large run, so that its steps are seen at once', async () => {
    const host = await open(folder(), { listen: false })
    const wide = { Event: { id: '7', Tag: Array.from({ length: 21_000 }, (_, i) => ({ name: `t${i}` })) } }
    const { runId } = await ask(host, 'run.start', { workflow: { json: chain(2) }, data: { json: wide } })
    expect((await finished(host, runId)).steps).toHaveLength(2)
    expect((await ask(host, 'runs.open', { runId })).first).toBeNull()
  })
})
