import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../src/contract/run-views.ts'
import type { AppHost } from '../../../src/host/host.ts'
import { createWorkspaces } from '../../../src/host/workspaces/workspaces.ts'
import { ask, finished } from './hosting.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const open = (): Promise<AppHost> =>
  createWorkspaces({ workspace: folder(), userFolder: folder(), shell: 'terminal', version: '0', workerUrl: null })

async function run(host: AppHost, workflowId: string, dataId: string): Promise<RunDetail> {
  const [recorded] = await ask(host, 'mocks.list', { workflowId })
  const { runId } = await ask(host, 'run.start', {
    workflow: { workflowId },
    data: { dataId },
    options: recorded ? { mockSet: recorded.id } : {}
  })
  return finished(host, runId)
}

const expected: readonly (readonly [
  demonstration: string,
  workflow: string,
  data: string,
  outcome: string,
  modules: readonly string[]
])[] = [
  ['mail-on-pull', 'mail-on-pull', 'pulled-event', 'success', ['send-mail']],
  ['no-third-party-queries', 'no-third-party-queries', 'attribute-pap-red', 'blocked', ['tag-if', 'stop-execution']],
  ['no-third-party-queries', 'no-third-party-queries', 'nothing-restricted', 'success', ['tag-if']],
  ['publish-guard', 'publish-guard', 'event-tlp-red', 'blocked', ['tag-if', 'send-mail', 'stop-execution']],
  ['publish-guard', 'publish-guard', 'event-tlp-green', 'success', ['tag-if', 'mattermost']],
  ['exercises', 'exercise-block', 'restricted-and-old-tags', 'blocked', ['tag-if', 'stop-execution']],
  ['exercises', 'exercise-block', 'open-event', 'success', ['tag-if']],
  ['exercises', 'exercise-tlp-clear', 'open-event', 'success', ['tag-if', 'tag_operation', 'tag_operation']],
  ['exercises', 'exercise-hashlookup', 'open-event', 'success', ['attach-enrichment', 'attribute_ids_flag_operation']],
  [
    'exercises',
    'exercise-bgp-ranking',
    'open-event',
    'success',
    ['concurrent-task', 'attach-enrichment', 'tag_operation']
  ]
]

describe('the demonstrations', () => {
  it('open as workspaces of their own and end as they should', async () => {
    const host = await open()
    const { demonstrations } = await ask(host, 'workspaces.list', {})
    expect(demonstrations.map(({ id }) => id)).toEqual([
      'blocked-publish',
      'mail-on-pull',
      'no-third-party-queries',
      'publish-guard',
      'exercises'
    ])
    for (const { id } of demonstrations) {
      const { start } = await ask(host, 'workspaces.open', { demonstration: id })
      const workflows = await ask(host, 'workflows.list', {})
      if (workflows.length === 1) expect(start).toBe(`#/workflows/${workflows[0]?.id}`)
      for (const one of workflows) {
        const problems = await ask(host, 'workflows.check', { workflow: { workflowId: one.id } })
        expect(problems.filter(({ code }) => code !== 'RECURSION')).toEqual([])
      }
    }
    const details = new Map<string, RunDetail>()
    for (const [demonstration, workflow, data, outcome, modules] of expected) {
      await ask(host, 'workspaces.open', { demonstration })
      const detail = await run(host, workflow, data)
      details.set(`${workflow} ${data}`, detail)
      expect([workflow, data, detail.summary.outcome, detail.steps.map(({ moduleId }) => moduleId)]).toEqual([
        workflow,
        data,
        outcome,
        modules
      ])
    }
    const effects = async (demonstration: string, name: string): Promise<string> => {
      await ask(host, 'workspaces.open', { demonstration })
      return JSON.stringify(await ask(host, 'run.effects', { runId: details.get(name)?.summary.id ?? '' }))
    }
    expect(await effects('mail-on-pull', 'mail-on-pull pulled-event')).toMatch(
      /Pulled: Credential phishing against port operators/
    )
    expect(await effects('publish-guard', 'publish-guard event-tlp-green')).toMatch(
      /\*\*Published:\*\* Phishing kit with fake invoices \(event 322, Northwind Energy\)/
    )
    const changed = (workflow: string): readonly number[] =>
      (details.get(`${workflow} open-event`)?.steps ?? []).map(({ worldChanges }) => worldChanges)
    expect(changed('exercise-tlp-clear')).toEqual([0, 2, 1])
    // One of the two hashes is known, one of the two autonomous systems ranks below 50 (the other 73).
    expect(changed('exercise-hashlookup')).toEqual([0, 1])
    expect(changed('exercise-bgp-ranking')).toEqual([0, 0, 3])
    await host.close()
  })

  it('bring runs that can be repeated to the byte', async () => {
    const host = await open()
    const { demonstrations } = await ask(host, 'workspaces.list', {})
    const linesOf = (runId: string): readonly string[] =>
      readFileSync(join(host.folder, 'runs', `${runId}.ndjson`), 'utf8')
        .split('\n')
        .slice(1)
    const repeated: string[] = []
    for (const { id } of demonstrations) {
      await ask(host, 'workspaces.open', { demonstration: id })
      const { runs } = await ask(host, 'runs.list', {})
      for (const { id: runId } of runs) {
        expect((await ask(host, 'runs.open', { runId })).notRepeatable).toBeUndefined()
        const { runId: again, lacks } = await ask(host, 'run.again', { runId })
        await finished(host, again)
        expect(lacks).toEqual([])
        expect(linesOf(again)).toEqual(linesOf(runId))
        repeated.push(runId)
      }
    }
    expect(repeated).toEqual(['20241021-083000-de301842'])
    await host.close()
  })
})
