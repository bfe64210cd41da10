// Blueprints on the command line: a folder comes in, is known again, and follows uuid and timestamp as in MISP.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blueprintsCommand } from '../../../src/cli/blueprints.ts'
import { graph } from '../engine/graph/build.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()
const uuids = ['0f3b7c1e-58a4-4b52-9d0e-6a1f2c3d4e51', '0f3b7c1e-58a4-4b52-9d0e-6a1f2c3d4e52'] as const

const blueprint = (uuid: string, name: string, timestamp: number): string => {
  const data = Object.values(graph({ 1: { module: 'webhook', params: { url: 'https://example.org' } } }))
  return JSON.stringify({ WorkflowBlueprint: { uuid, name, description: '', timestamp: String(timestamp), data } })
}

async function blueprints(...args: readonly string[]): Promise<{ status: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const status = await blueprintsCommand({
    ...{ args, root: '.', version: '0', usage: 'blueprints', color: false },
    print: (line: string) => void out.push(line),
    complain: (line: string) => void err.push(line)
  })
  return { status, out, err }
}

describe('retrace blueprints', () => {
  it('imports a checkout, updates by uuid and timestamp, and replaces newer ones with --force', async () => {
    const checkout = folder()
    const workspace = join(folder(), 'workspace')
    mkdirSync(join(checkout, 'blueprints', '.git'), { recursive: true })
    const put = (name: string, text: string) => writeFileSync(join(checkout, 'blueprints', name), text)
    put('one.json', blueprint(uuids[0], 'One', 100))
    put('two.json', blueprint(uuids[1], 'Two', 100))
    put('README.md', 'no blueprint')
    put('.git/config.json', '{}')
    const last = async (...more: string[]) =>
      (await blueprints(checkout, '--workspace', workspace, ...more)).out.at(-1) ?? ''
    expect(await last()).toBe('2 added, 0 updated, 0 unchanged, 0 failed')
    put('one.json', blueprint(uuids[0], 'One, newer', 200))
    expect(await last()).toBe('0 added, 1 updated, 1 unchanged, 0 failed')
    put('one.json', blueprint(uuids[0], 'One, older', 50))
    expect(await last()).toBe('0 added, 0 updated, 2 unchanged, 0 failed')
    expect(await last('--force')).toBe('0 added, 2 updated, 0 unchanged, 0 failed')
    const { out } = await blueprints('--workspace', workspace)
    expect(out.map((line) => line.split('  ')[0])).toEqual(['One, older', 'Two', '2 blueprints'])
    expect(out[0]).toContain('1 node · default')
  })

  it('takes what it can and says what it could not read', async () => {
    const checkout = folder()
    writeFileSync(join(checkout, 'good.json'), blueprint(uuids[0], 'Good', 1))
    writeFileSync(join(checkout, 'bad.json'), '{"Workflow": {}}')
    const { status, out, err } = await blueprints(checkout, '--workspace', join(folder(), 'w'))
    expect([status, out.at(-1)]).toEqual([1, '1 added, 0 updated, 0 unchanged, 1 failed'])
    expect(err).toEqual(['failed     bad.json: this is not a blueprint, it has no WorkflowBlueprint.'])
    await expect(blueprints(join(checkout, 'none'), '--workspace', join(folder(), 'w'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND'
    })
  })
})
