import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { RawGraph } from '../../../src/contract/workflow.ts'
import { fragmentOf, parseFragment, paste } from '../../../src/engine/graph/fragment.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask, hosting } from './hosting.ts'
import { eventOf, guard } from './samples.ts'

const { folder, open } = hosting()

/** As MISP writes it: four spaces, slashes as they are; with details that printing anew would lose. */
const exported = `${JSON.stringify(guard, null, 4)}\n`.replace('"counter": "0"', '"counter": "\\u0030"')

async function outcomeOf(host: Host, runId: string): Promise<string | null> {
  for (;;) {
    const run = host.workspace.runs.get(runId)
    if (run && run.state !== 'running' && run.size > 0) return run.outcome
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('a workflow that is imported', () => {
  it('is exported to the byte, and changed only where somebody edited it', async () => {
    const host = await open(folder())
    const { id } = await ask(host, 'workflows.save', { text: exported })
    expect((await ask(host, 'workflows.export', { workflowId: id })).text).toBe(exported)
    const { workflow } = await ask(host, 'workflows.get', { workflowId: id })
    const text = JSON.stringify(workflow).replace('too red', 'much too red')
    await ask(host, 'workflows.save', { workflowId: id, workflow: JSON.parse(text) as Json, note: 'words' })
    expect((await ask(host, 'workflows.export', { workflowId: id })).text).toBe(
      exported.replace('too red', 'much too red')
    )
    const back = await ask(host, 'workflows.revert', { workflowId: id, version: 1 })
    expect([back.version, back.note]).toEqual([3, 'Reverted to version 1'])
    expect((await ask(host, 'workflows.export', { workflowId: id })).text).toBe(exported)
    await host.close()
  })

  it('keeps its draft over a restart until it is discarded', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { id } = await ask(host, 'workflows.save', { text: exported })
    expect(await ask(host, 'drafts.get', { workflowId: id })).toBeNull()
    await Promise.all([1, 2, 3].map((n) => ask(host, 'drafts.save', { workflowId: id, base: 1, workflow: { n } })))
    await host.close()
    const again = await open(workspace)
    expect(await ask(again, 'drafts.get', { workflowId: id })).toMatchObject({ base: 1, workflow: { n: 3 } })
    await ask(again, 'drafts.discard', { workflowId: id })
    expect(await ask(again, 'drafts.get', { workflowId: id })).toBeNull()
    await again.close()
  })
})

const blueprint = (timestamp: number, name = 'Guard'): string =>
  JSON.stringify(
    {
      WorkflowBlueprint: {
        ...{ id: '8', uuid: '7E570000-0000-4000-8000-000000000001', name, description: '[event-publish]' },
        timestamp: String(timestamp),
        data: Object.values((guard.Workflow as JsonMap).data as JsonMap).slice(1, 4),
        default: false
      }
    },
    null,
    2
  )

describe('blueprints', () => {
  it('are updated by uuid and timestamp, as MISP does', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const put = async (text: string, force = false) => {
      const done = await ask(host, 'blueprints.import', { files: [{ name: 'b.json', text }], force, repository: true })
      return [done.added.length, done.updated.length, done.unchanged.length, done.failed.length]
    }
    expect(await put(blueprint(100))).toEqual([1, 0, 0, 0])
    expect(await put(blueprint(100, 'Same time'))).toEqual([0, 0, 1, 0])
    expect(await put(blueprint(99, 'Older'))).toEqual([0, 0, 1, 0])
    expect(await put(blueprint(101, 'Newer'))).toEqual([0, 1, 0, 0])
    expect(await put(blueprint(50, 'Forced'), true)).toEqual([0, 1, 0, 0])
    expect(await put('{"Event": {}}')).toEqual([0, 0, 0, 1])
    const [one] = await ask(host, 'blueprints.list', {})
    expect(one).toMatchObject({ uuid: '7e570000-0000-4000-8000-000000000001', name: 'Forced', default: true, nodes: 3 })
    await host.close()
    const again = await open(workspace)
    const { text } = await ask(again, 'blueprints.export', { uuid: one?.uuid ?? '' })
    expect(text).toBe(blueprint(50, 'Forced'))
    await again.close()
  })

  it('are created from a selection', async () => {
    const host = await open(folder())
    const graph = (guard.Workflow as JsonMap).data as unknown as RawGraph
    const { nodes } = fragmentOf(graph, ['2', '3'])
    const made = await ask(host, 'blueprints.save', { name: 'Mine', description: 'd', nodes })
    expect(made).toMatchObject({ name: 'Mine', nodes: 2, default: false, modules: ['tag-if', 'stop-execution'] })
    const { blueprint: kept } = await ask(host, 'blueprints.get', { uuid: made.uuid })
    expect((kept as JsonMap).WorkflowBlueprint).toMatchObject({
      mermaid: expect.stringContaining('flowchart LR') as string
    })
    await ask(host, 'blueprints.delete', { uuid: made.uuid })
    expect(await ask(host, 'blueprints.list', {})).toEqual([])
    await host.close()
  })

  const published = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'blueprints')
  it.skipIf(!existsSync(published))(
    'as published are imported, inserted, run, exported and imported again',
    async () => {
      const host = await open(folder())
      const names = readdirSync(published)
      const files = names.map((name) => ({ name, text: readFileSync(join(published, name), 'utf8') }))
      const done = await ask(host, 'blueprints.import', { files, repository: true })
      expect([done.added.length, done.failed]).toEqual([13, []])
      const again: { name: string; text: string }[] = []
      for (const { uuid, nodes } of done.added) {
        const { text } = await ask(host, 'blueprints.export', { uuid })
        expect(files.some((file) => file.text === text)).toBe(true)
        again.push({ name: uuid, text })
        const trigger = { '1': ((guard.Workflow as JsonMap).data as JsonMap)['1'] as Json }
        const piece = parseFragment(JSON.parse(text))
        const inserted = paste(trigger, piece ?? fragmentOf([], []), { uid: (n) => `u${n}`, triggers: false })
        const triggers = Object.values(piece?.nodes ?? {}).filter(
          (node) => ((node as JsonMap).data as JsonMap).module_type === 'trigger'
        ).length
        expect(inserted.keys).toHaveLength(nodes - triggers)
        const { runId } = await ask(host, 'run.start', {
          workflow: { json: JSON.parse(text) as Json },
          data: { json: eventOf(2, ['tlp:white']) }
        })
        expect(['success', 'blocked', 'failure', 'aborted', 'cannot tell', 'not started']).toContain(
          await outcomeOf(host, runId)
        )
      }
      await host.close()
      const fresh = await open(folder())
      const second = await ask(fresh, 'blueprints.import', { files: again, repository: true })
      expect(second.added).toEqual(done.added)
      await fresh.close()
    }
  )
})
