import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import type { RunDetail } from '../../../../src/contract/run-views.ts'
import { createHost } from '../../../../src/host/host.ts'
import type { Host } from '../../../../src/host/host.ts'
import { ask, finished } from '../hosting.ts'
import { eventOf, workflowOf } from '../samples.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(workspace: string, userFolder?: string): Promise<Host> {
  const own = userFolder === undefined ? {} : { userFolder }
  const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null, ...own })
  closing.push(() => host.close())
  return host
}

async function run(host: Host, module: string): Promise<RunDetail> {
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module, params: { text: 'seen' } }
  })
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) as Json } })
  return finished(host, runId)
}

const module = (text: string): string =>
  `export default defineModule({ kind: 'action', id: 'brought', name: 'Brought', description: '${text}', execute(ctx) { ctx.addError('${text}'); return false } })`

describe('custom modules of a workspace', () => {
  it('are created from a template, are on, and run', async () => {
    const host = await open(folder())
    expect(await ask(host, 'customModules.create', { id: 'our-own' })).toEqual({
      file: 'our-own.ts',
      files: ['our-own.ts', 'retrace-module.d.ts']
    })
    const [info] = await ask(host, 'customModules.list', {})
    expect(info).toMatchObject({
      file: 'our-own.ts',
      id: 'our-own',
      name: 'Our own',
      kind: 'action',
      on: true,
      error: null
    })
    expect((await ask(host, 'customModules.text', { file: 'our-own.ts' })).text).toContain('defineModule')
    const detail = await run(host, 'our-own')
    expect(detail.summary.outcome).toBe('success')
    expect(detail.steps[0]).toMatchObject({ moduleId: 'our-own', explain: 'Writes "seen" and the title into the log.' })
    expect(detail.steps[0]?.notes.map(({ text }) => text)).toEqual(['seen: sample event'])
    expect((await ask(host, 'modules.list', {})).some(({ id, is_custom }) => id === 'our-own' && is_custom)).toBe(true)
    expect((await ask(host, 'module.explain', { moduleId: 'our-own', params: { text: 'x' } })).text).toContain('"x"')
    const alone = await ask(host, 'module.execute', {
      moduleId: 'our-own',
      params: {},
      data: { json: eventOf(1) as Json }
    })
    expect(alone.success).toBe(true)
  })

  it('are off when they came with the workspace, until somebody switches them on, outside of the workspace', async () => {
    const [workspace, user] = [folder(), folder()]
    mkdirSync(join(workspace, 'modules'))
    writeFileSync(join(workspace, 'modules', 'brought.js'), module('first'))
    const host = await open(workspace, user)
    expect((await ask(host, 'customModules.list', {})).map(({ file, on }) => [file, on])).toEqual([
      ['brought.js', false]
    ])
    expect((await run(host, 'brought')).steps[0]?.result).toBe('loading_error')
    await ask(host, 'customModules.switch', { file: 'brought.js', on: true })
    expect((await run(host, 'brought')).steps[0]?.errors).toEqual(['first'])
    expect(readFileSync(join(workspace, 'catalogue.json'), 'utf8')).not.toContain('brought')
    expect(readdirSync(join(user, 'trust'))).toHaveLength(1)
    const again = await open(workspace, user)
    expect((await ask(again, 'customModules.list', {})).map(({ on }) => on)).toEqual([true])
  })

  it('are read again when they are saved, and the host says so', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const changed = new Promise<readonly string[]>((resolve) =>
      host.listen((event) => {
        if (event.name === 'modules.changed' && event.data.files.includes('brought.js')) resolve(event.data.files)
      })
    )
    writeFileSync(join(workspace, 'modules', 'brought.js'), module('first'))
    expect(await changed).toContain('brought.js')
    await ask(host, 'customModules.switch', { file: 'brought.js', on: true })
    expect((await run(host, 'brought')).steps[0]?.errors).toEqual(['first'])
    writeFileSync(join(workspace, 'modules', 'brought.js'), module('the second'))
    expect((await run(host, 'brought')).steps[0]?.result).toBe('loading_error')
    expect((await ask(host, 'customModules.list', {}))[0]).toMatchObject({ on: false, changed: true })
    await ask(host, 'customModules.switch', { file: 'brought.js', on: true })
    expect((await run(host, 'brought')).steps[0]?.errors).toEqual(['the second'])
  })

  it('are listed with their error, file and line', async () => {
    const workspace = folder()
    const host = await open(workspace)
    writeFileSync(
      join(workspace, 'modules', 'broken.ts'),
      'export default defineModule({\n  kind: "action",\n  id: ,\n})'
    )
    const [info] = await ask(host, 'customModules.list', {})
    expect(info).toMatchObject({ file: 'broken.ts', id: null, on: false, error: { file: 'broken.ts', line: 3 } })
  })
})
