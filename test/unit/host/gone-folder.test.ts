// The folder of a workspace is moved away while it is open.
import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hosting } from './hosting.ts'

const { open } = hosting()

describe('a workspace whose folder was moved away while it was open', () => {
  it('has no empty lists: it is said that the folder is gone', async () => {
    const host = await open()
    const { folder } = host.workspace
    expect(await host.call('world.list', {})).toEqual({ ok: true, data: [] })
    renameSync(folder, `${folder}-elsewhere`)
    for (const [name, params] of [
      ['world.list', {}],
      ['cases.list', {}],
      ['mocks.list', {}],
      ['log.list', {}]
    ] as const)
      expect(await host.call(name, params), name).toMatchObject({
        ok: false,
        error: { code: 'WORKSPACE_READ_ONLY', message: expect.stringContaining('moved or deleted while it was open') }
      })
    renameSync(`${folder}-elsewhere`, folder)
    expect(await host.call('world.list', {})).toEqual({ ok: true, data: [] })
  })
})
