import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import type { DataSource } from '../../../src/contract/operations.ts'
import { createHost } from '../../../src/host/host.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask } from './hosting.ts'
import { eventOf, guard } from './samples.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()

async function using(work: (host: Host) => Promise<void>, workspace = folder()): Promise<void> {
  const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null })
  try {
    await work(host)
  } finally {
    await host.close()
  }
}

const event: Json = eventOf(2, ['tlp:red'])

describe('data sources', () => {
  it('show data as it was given, and as a trigger’s workflow starts with it', () =>
    using(async (host) => {
      const keys = async (data: DataSource) =>
        (await ask(host, 'source.value', { data, path: ['Event'] })).entries.map((entry) => entry.key)
      expect(await keys({ json: event })).not.toContain('_AttributeFlattened')
      expect(await keys({ json: event, trigger: 'event-publish' })).toContain('_AttributeFlattened')
    }))

  it('say when a trigger cannot use the data', () =>
    using(async (host) => {
      const data = { json: { nothing: 1 }, trigger: 'sighting-after-save' }
      const answer = await host.call('source.value', { data })
      expect(answer.ok ? null : answer.error.code).toBe('INPUT_WRONG_TYPE')
    }))

  it('pick one event of several', () =>
    using(async (host) => {
      const text = JSON.stringify({ response: [event, { Event: { info: 'second' } }] })
      const { id } = await ask(host, 'data.import', { name: 'several', text })
      const list = await ask(host, 'source.value', { data: { dataId: id }, path: ['response'] })
      expect(list.entries[1]?.preview).toBe('second')
      const page = await ask(host, 'source.value', { data: { dataId: id, index: 1 }, path: ['Event', 'info'] })
      expect(page.text).toBe('second')
    }))

  it('reach the values of a module that was executed alone', () =>
    using(async (host) => {
      const { runId } = await ask(host, 'module.execute', { moduleId: 'tag-if', data: { json: event } })
      const page = await ask(host, 'run.value', { runId, step: 1, which: 'output' })
      expect(page.type).toBe('object')
      const answer = await host.call('run.value', { runId: 'nobody', step: 1, which: 'output' })
      expect(answer.ok ? null : answer.error.code).toBe('RUN_NOT_FOUND')
    }))
})

describe('data sets', () => {
  it('go into the bin and come back, with their names, after a restart too', async () => {
    const workspace = folder()
    let id = ''
    await using(async (host) => {
      id = (await ask(host, 'data.import', { name: 'one', text: JSON.stringify(event) })).id
      await ask(host, 'data.rename', { dataId: id, name: 'renamed' })
      await ask(host, 'data.delete', { dataIds: [id] })
      expect(await ask(host, 'data.list', {})).toEqual([])
    }, workspace)
    expect(existsSync(join(workspace, 'data', '.bin', `${id}.json`))).toBe(true)
    await using(async (host) => {
      expect(await ask(host, 'data.list', {})).toEqual([])
      expect((await ask(host, 'data.restore', { dataIds: [id] }))[0]?.name).toBe('renamed')
      const page = await ask(host, 'data.value', { dataId: id, path: ['Event', 'Tag'] })
      expect(page.count).toBe(1)
    }, workspace)
  })

  it('leave the place of one in the bin to it', () =>
    using(async (host) => {
      const take = (info: string) =>
        ask(host, 'data.import', { name: 'same name', text: JSON.stringify({ Event: { info } }) })
      const first = await take('first')
      await ask(host, 'data.delete', { dataIds: [first.id] })
      const second = await take('second')
      await ask(host, 'data.restore', { dataIds: [first.id] })
      const infoOf = async (dataId: string) =>
        (await ask(host, 'source.value', { data: { dataId }, path: ['Event', 'info'] })).text
      expect([await infoOf(first.id), await infoOf(second.id)]).toEqual(['first', 'second'])
    }))

  it('restore only what is in the bin', () =>
    using(async (host) => {
      for (const id of ['nothing', '../../catalogue']) {
        const answer = await host.call('data.restore', { dataIds: [id] })
        expect(answer.ok ? null : answer.error.code).toBe('DATA_NOT_FOUND')
      }
    }))
})

describe('workflows', () => {
  const nodes = (url: string) => ({
    1: { id: 1, data: { id: 'webhook', module_type: 'action', indexed_params: { url } } }
  })
  const kept = (name: string, url: string) => ({ workflow: { Workflow: { name, data: nodes(url) } } })

  it('go into the bin with all versions and come back, after a restart too', async () => {
    const workspace = folder()
    let id = ''
    await using(async (host) => {
      id = (await ask(host, 'workflows.save', kept('guard', 'a'))).id
      await ask(host, 'workflows.save', { workflowId: id, ...kept('guard', 'b') })
      expect((await ask(host, 'workflows.delete', { workflowIds: [id] })).map(({ name }) => name)).toEqual(['guard'])
      expect(await ask(host, 'workflows.list', {})).toEqual([])
    }, workspace)
    await using(async (host) => {
      expect(await ask(host, 'workflows.list', {})).toEqual([])
      // Its place is kept for it.
      const other = await ask(host, 'workflows.save', kept('guard', 'c'))
      expect(other.id).not.toBe(id)
      expect((await ask(host, 'workflows.restore', { workflowIds: [id] }))[0]?.version).toBe(2)
      expect((await ask(host, 'workflows.get', { workflowId: id })).versions).toHaveLength(2)
    }, workspace)
  })

  it('are never named like a page', () =>
    using(async (host) => {
      expect((await ask(host, 'workflows.save', kept('Run', 'a'))).id).not.toBe('run')
    }))

  it('restore only what is in the bin', () =>
    using(async (host) => {
      for (const id of ['nothing', '..', '../../data']) {
        const answer = await host.call('workflows.restore', { workflowIds: [id] })
        expect(answer.ok ? null : answer.error.code).toBe('WORKFLOW_NOT_FOUND')
      }
    }))

  it('can be deleted again when they were saved again under their id', () =>
    using(async (host) => {
      for (let i = 0; i < 3; i++) {
        await ask(host, 'workflows.save', { workflowId: 'publish-guard', workflow: guard })
        await ask(host, 'workflows.delete', { workflowIds: ['publish-guard'] })
      }
      await ask(host, 'workflows.restore', { workflowIds: ['publish-guard'] })
      expect((await ask(host, 'workflows.list', {})).map(({ id }) => id)).toEqual(['publish-guard'])
    }))
})

describe('help for authors', () => {
  it('renders templates, and tells errors with their line', () =>
    using(async (host) => {
      const render = (template: string) => ask(host, 'template.render', { template, data: { json: event } })
      expect((await render('{{ Event.Tag[0].name }}')).text).toBe('tlp:red')
      const { text, error } = await render('a\n{{ Event | nope }}')
      expect([text, error?.type, error?.line]).toEqual(['', 'TemplateAssertionError', 2])
    }))

  it('offers the tags and organisations that the data names', () =>
    using(async (host) => {
      const definition = await ask(host, 'modules.resolve', { moduleId: 'tag-if', data: { json: event } })
      expect(definition.params.find((param) => param.id === 'tags')?.['options']).toEqual(['tlp:red'])
    }))

  it('lists triggers with their workflow and whether they are enabled', () =>
    using(async (host) => {
      await ask(host, 'workflows.save', { workflow: guard })
      await ask(host, 'workspace.set', { settings: { enabled_triggers: ['event-after-save'] } })
      const rows = await ask(host, 'triggers.list', {})
      const publish = rows.find((row) => row.definition.id === 'event-publish')
      expect([publish?.enabled, publish?.enabledKnown, publish?.workflow?.version]).toEqual([false, true, 1])
      expect((await ask(host, 'modules.usage', {})).map((use) => use.moduleId)).toContain('stop-execution')
      const report = await ask(host, 'triggers.whyNot', { trigger: 'event-publish', data: { json: event } })
      expect(report.checks.find((check) => check.id === 'trigger-enabled')?.state).toBe('problem')
    }))
})
