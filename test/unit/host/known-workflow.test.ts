// A workflow that is imported again, and one that two pages save.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { createHost } from '../../../src/host/host.ts'
import { guard } from './samples.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const open = () => createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
const uuid = '7e570001-0000-4000-8000-000000000001'
const row = { ...((guard as JsonMap)['Workflow'] as JsonMap), uuid }
const text = JSON.stringify({ Workflow: row }, null, 4)

describe('a workflow that is there already', () => {
  it('is asked about, becomes a new version, or a copy with a uuid of its own', async () => {
    const host = await open()
    const first = await host.call('workflows.save', { text, ifKnown: 'ask' })
    expect(first).toMatchObject({ ok: true, data: { version: 1 } })
    const { id, name } = (first as { data: { id: string; name: string } }).data
    const asked = await host.call('workflows.save', { text: text.replace(uuid, uuid.toUpperCase()), ifKnown: 'ask' })
    expect(asked).toMatchObject({ ok: false, error: { code: 'WORKFLOW_KNOWN', details: { workflowId: id, name } } })
    expect(await host.call('workflows.save', { text, ifKnown: 'version' })).toMatchObject({
      ok: true,
      data: { id, version: 2 }
    })
    const copy = await host.call('workflows.save', { text, ifKnown: 'copy' })
    expect(copy).toMatchObject({ ok: true, data: { version: 1, name: `${name} (copy)` } })
    const copyId = (copy as { data: { id: string } }).data.id
    const exported = await host.call('workflows.export', { workflowId: copyId })
    const kept = (exported as { data: { text: string } }).data.text
    // Only what makes it another one is changed in the text.
    const { uuid: own } = (JSON.parse(kept) as { Workflow: JsonMap }).Workflow
    expect(own).not.toBe(uuid)
    expect(kept.replace(String(own), uuid).replace(' (copy)', '')).toBe(text)
    expect(await host.call('workflows.list', {})).toMatchObject({ ok: true, data: { length: 2 } })
    await host.close()
  })

  it('is imported from a workspace’s file, whatever text the file has beside it', async () => {
    const host = await open()
    const file = { format: 'retrace.workflow', version: 1, id: 'x', number: 1, savedAt: '', note: '', text: '{}' }
    const saved = await host.call('workflows.save', { text: JSON.stringify({ ...file, workflow: { Workflow: row } }) })
    const { id: workflowId } = (saved as { data: { id: string } }).data
    const exported = (await host.call('workflows.export', { workflowId })) as { data: { text: string } }
    expect(JSON.parse(exported.data.text)).toEqual({ Workflow: row })
    await host.close()
  })

  it('is not saved over a newer version unasked', async () => {
    const host = await open()
    const first = await host.call('workflows.save', { text })
    const { id: workflowId } = (first as { data: { id: string } }).data
    const workflow = { Workflow: { ...row, name: 'edited' } } as Json
    expect(await host.call('workflows.save', { workflowId, workflow, base: 1 })).toMatchObject({ ok: true })
    const late = await host.call('workflows.save', { workflowId, workflow, base: 1 })
    expect(late).toMatchObject({ ok: false, error: { code: 'WORKFLOW_CHANGED', details: { workflowId, version: 2 } } })
    expect(await host.call('workflows.get', { workflowId })).toMatchObject({ ok: true, data: { version: 2 } })
    expect(await host.call('workflows.save', { workflowId, workflow, base: 2 })).toMatchObject({
      ok: true,
      data: { version: 3 }
    })
    await host.close()
  })
})
