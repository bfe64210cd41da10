import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../src/contract/run-views.ts'
import { checkWorkflow } from '../../../src/engine/check/check.ts'
import { parseWorkflow } from '../../../src/engine/graph/parse.ts'
import { createHost } from '../../../src/host/host.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask, finished } from './hosting.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()

async function run(host: Host, workflowId: string, dataId: string): Promise<RunDetail> {
  const [recorded] = await ask(host, 'mocks.list', { workflowId })
  const { runId } = await ask(host, 'run.start', {
    workflow: { workflowId },
    data: { dataId },
    options: recorded ? { mockSet: recorded.id } : {}
  })
  return finished(host, runId)
}

const expected: readonly (readonly [workflow: string, data: string, outcome: string, modules: readonly string[]])[] = [
  ['mail-on-pull', 'pulled-event', 'success', ['send-mail']],
  ['no-third-party-queries', 'attribute-pap-red', 'blocked', ['tag-if', 'stop-execution']],
  ['no-third-party-queries', 'nothing-restricted', 'success', ['tag-if']],
  ['publish-guard', 'event-tlp-red', 'blocked', ['tag-if', 'send-mail', 'stop-execution']],
  ['publish-guard', 'event-tlp-green', 'success', ['tag-if', 'webhook']],
  ['exercise-block', 'restricted-and-old-tags', 'blocked', ['tag-if', 'stop-execution']],
  ['exercise-block', 'open-event', 'success', ['tag-if']],
  ['exercise-tlp-clear', 'open-event', 'success', ['tag-if', 'tag_operation', 'tag_operation']],
  ['exercise-hashlookup', 'open-event', 'success', ['attach-enrichment', 'attribute_ids_flag_operation']],
  ['exercise-bgp-ranking', 'open-event', 'success', ['concurrent-task', 'attach-enrichment', 'tag_operation']]
]

describe('the demonstrations', () => {
  it('add what a world lacks under ids that are free', async () => {
    const workspace = folder()
    mkdirSync(join(workspace, 'world'))
    writeFileSync(join(workspace, 'world', 'tags.json'), '[{"Tag": {"id": "4", "name": "PAP:RED"}}]')
    const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null })
    await ask(host, 'workspace.openDemo', { id: 'exercises' })
    const rows = JSON.parse(readFileSync(join(workspace, 'world', 'tags.json'), 'utf8')) as { Tag: { id: string } }[]
    expect(new Set(rows.map(({ Tag }) => Tag.id)).size).toBe(rows.length)
    expect(rows.map(({ Tag }) => Tag)).toContainEqual(expect.objectContaining({ name: 'tlp:white', id: '10' }))
    await host.close()
  })

  it('open into a workspace and end as they should', async () => {
    const host = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
    const demos = await ask(host, 'workspace.demos', {})
    expect(demos.map(({ id }) => id)).toEqual(['mail-on-pull', 'no-third-party-queries', 'publish-guard', 'exercises'])
    for (const { id } of demos) await ask(host, 'workspace.openDemo', { id })
    // A second time nothing is there twice.
    for (const { id } of demos) await ask(host, 'workspace.openDemo', { id })
    const workflows = await ask(host, 'workflows.list', {})
    expect([workflows.length, (await ask(host, 'data.list', {})).length]).toEqual([7, 7])
    for (const { id } of workflows) {
      const { workflow } = await ask(host, 'workflows.get', { workflowId: id })
      const { errors, warnings } = checkWorkflow(parseWorkflow(workflow, id))
      expect([...errors, ...warnings].filter(({ code }) => code !== 'RECURSION')).toEqual([])
    }
    const details = new Map<string, RunDetail>()
    for (const [workflow, data, outcome, modules] of expected) {
      const detail = await run(host, workflow, data)
      details.set(`${workflow} ${data}`, detail)
      expect([workflow, data, detail.summary.outcome, detail.steps.map(({ moduleId }) => moduleId)]).toEqual([
        workflow,
        data,
        outcome,
        modules
      ])
    }
    const effects = async (name: string): Promise<string> =>
      JSON.stringify(await ask(host, 'run.effects', { runId: details.get(name)?.summary.id ?? '' }))
    expect(await effects('mail-on-pull pulled-event')).toMatch(/Pulled: Credential phishing against port operators/)
    expect(await effects('publish-guard event-tlp-green')).toMatch(/Published: Phishing kit with fake invoices/)
    const changed = (workflow: string): readonly number[] =>
      (details.get(`${workflow} open-event`)?.steps ?? []).map(({ worldChanges }) => worldChanges)
    expect(changed('exercise-tlp-clear')).toEqual([0, 2, 1])
    // One of the two hashes is known, one of the two autonomous systems ranks below 100.
    expect(changed('exercise-hashlookup')).toEqual([0, 1])
    expect(changed('exercise-bgp-ranking')).toEqual([0, 0, 3])
    await host.close()
  })
})
