// The terminal asks the host what the app asks: what a workspace says holds there, too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, hosting } from '../host/hosting.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { guard } from '../host/samples.ts'
import { retrace, retraceIn } from './here.ts'

const folder = temporaryFolders()
const { open } = hosting()

describe('a command with a workspace', { timeout: 60_000 }, () => {
  it('renders templates within the limits of the workspace, and within closer ones that are given', async () => {
    const root = folder()
    const host = await open(join(root, 'ws'))
    await ask(host, 'template.setLimits', { limits: { output: 1000 } })
    await host.close()
    writeFileSync(join(root, 'long.j2'), "{{ 'x' * 2000 }}")
    writeFileSync(join(root, 'data.json'), '{}')
    const render = (...more: readonly string[]) => retrace(root, 'template', 'long.j2', '--data', 'data.json', ...more)
    expect(JSON.parse((await render()).out)).toEqual({ output: 'x'.repeat(2000) })
    const { status, out } = await render('--workspace', 'ws')
    expect([status, JSON.parse(out)]).toMatchObject([2, { error: { type: 'LIMIT', limit: 'output' } }])
    const wider = await render('--workspace', 'ws', '--limit', 'output=5000')
    expect(JSON.parse(wider.out)).toEqual({ output: 'x'.repeat(2000) })
  })

  it('prints all of a template’s text, however long', async () => {
    const root = folder()
    writeFileSync(join(root, 'long.j2'), "{{ 'x' * 300000 }}")
    writeFileSync(join(root, 'data.json'), '{}')
    const { out } = await retrace(root, 'template', 'long.j2', '--data', 'data.json')
    expect((JSON.parse(out) as { output: string }).output).toHaveLength(300_000)
  })

  it('prints what Hash finds as PHP has it, with each warning once', async () => {
    const root = folder()
    writeFileSync(join(root, 'data.json'), JSON.stringify({ a: Array.from({ length: 1500 }, (_, n) => ({ n })) }))
    const found = await retrace(root, 'hash', 'extract', 'a.{n}.n', '--data', 'data.json')
    expect(JSON.parse(found.out)).toHaveLength(1500)
    const warned = await retrace(root, 'hash', 'extract', 'a.{n}[n=/(/].n', '--data', 'data.json')
    expect(warned.err.match(/^warning /gm)).toHaveLength(1)
    expect((await retrace(root, 'hash', 'get', 'a.0.n', '--data', 'data.json')).out).toBe('0\n')
  })

  it('writes a module of the workspace that somebody is in, and it is on', async () => {
    const root = folder()
    await (await open(join(root, 'ws'))).close()
    const userFolder = join(root, 'user')
    const around = { cwd: join(root, 'ws'), env: { RETRACE_USER_FOLDER: userFolder } }
    const made = await retraceIn(around, 'new', 'module', 'our_own')
    expect(made).toMatchObject({ status: 0, err: '' })
    expect(made.out.split('\n')).toContain(join('modules', 'our_own.ts'))
    const host = await open(join(root, 'ws'), { userFolder })
    expect(await ask(host, 'customModules.list', {})).toMatchObject([{ id: 'our_own', on: true }])
  })

  it('writes a module where there is no workspace, under the same names', async () => {
    const root = folder()
    mkdirSync(join(root, 'modules'))
    expect((await retrace(root, 'new', 'module', 'our_own')).status).toBe(0)
    expect(readFileSync(join(root, 'modules', 'our_own.ts'), 'utf8')).toContain("id: 'our_own'")
    expect(await retrace(root, 'new', 'module', 'Own')).toMatchObject({ status: 3, err: /not a valid module ID/ })
  })

  it('imports a workflow that the app takes for one, whatever its parameters are called', async () => {
    const root = folder()
    const workflow = { Workflow: { target: 'as posts call their path', ...(guard as { Workflow: object }).Workflow } }
    writeFileSync(join(root, 'one.json'), JSON.stringify(workflow))
    expect(await retrace(root, 'import', 'one.json', '--workspace', 'ws')).toMatchObject({ status: 0, err: '' })
  })
})
