// A custom module that takes another one's place: by its id, its file's name, a link, a copy, or by being replaced between a look and a run. Only
// the text that was switched on runs, in the workspace where it was.
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  appendFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { readModuleFile } from '../../src/host/modules/module-file.ts'
import { writeModule } from '../../src/host/modules/template.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, guard, workflowOf } from '../unit/host/samples.ts'

const { open, folder } = hosting()

/** Says its mark wherever code of it runs. */
const module = (id: string, mark: string, kind = 'action'): string =>
  `export default defineModule({ kind: '${kind}', id: '${id}', description: 'd ${mark}', explain: () => 'says ${mark}',
     execute(ctx) { ctx.addError('${mark}'); return true } })`

const dirOf = (workspace: string): string => {
  const dir = join(workspace, 'modules')
  mkdirSync(dir, { recursive: true })
  return dir
}
const put = (host: Host, file: string, text: string): void =>
  writeFileSync(join(dirOf(host.workspace.folder), file), text)
const on = (host: Host, file: string, sha256?: string) =>
  host.call('customModules.switch', { file, on: true, ...(sha256 ? { sha256 } : {}) })

/** Everything that a run of a node tells of its module. */
async function told(host: Host, id: string, type: 'action' | 'logic' = 'action'): Promise<string> {
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type, module: id }
  })
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) } })
  return JSON.stringify((await finished(host, runId)).steps)
}

describe('of two modules with one id', () => {
  it('the one that is off says and does nothing, whatever its file is called', async () => {
    const host = await open()
    for (const [file, mark] of [
      ['0first.js', 'EVIL'],
      ['mine.js', 'mine'],
      ['zlast.js', 'EVIL']
    ] as const)
      put(host, file, module('both', mark))
    await on(host, 'mine.js')
    expect(await told(host, 'both')).toContain('mine')
    expect(await told(host, 'both')).not.toContain('EVIL')
    expect(JSON.stringify(await ask(host, 'modules.list', {}))).not.toContain('EVIL')
    expect((await ask(host, 'module.explain', { moduleId: 'both' })).text).toBe('says mine')
  })

  it('that are both on the same one is listed, described and run, and the other says why it is not', async () => {
    const host = await open()
    put(host, 'a.js', module('both', 'first'))
    put(host, 'b.js', module('both', 'second'))
    for (const file of ['b.js', 'a.js']) await on(host, file)
    expect((await ask(host, 'modules.get', { moduleId: 'both' })).description).toBe('d first')
    expect((await ask(host, 'modules.list', {})).filter(({ id }) => id === 'both')).toHaveLength(1)
    expect((await ask(host, 'module.explain', { moduleId: 'both' })).text).toBe('says first')
    const steps = await told(host, 'both')
    expect([steps.includes('first'), steps.includes('second')]).toEqual([true, false])
    expect(
      (await ask(host, 'customModules.list', {})).map(({ file, error }) => [file, error?.message ?? null])
    ).toEqual([
      ['a.js', null],
      ['b.js', 'It is not used: modules/a.js has the same ID and comes first.']
    ])
    await ask(host, 'customModules.switch', { file: 'a.js', on: false })
    expect(await told(host, 'both')).toContain('second')
  })

  it('of which one is MISP’s, that one is back as soon as the other is off or changed', async () => {
    const host = await open()
    put(host, 'tag-if.js', module('tag-if', 'EVIL', 'logic'))
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: eventOf(1) } })
    expect(JSON.stringify(await finished(host, runId))).not.toContain('EVIL')
    await on(host, 'tag-if.js')
    expect(await told(host, 'tag-if', 'logic')).toContain('EVIL')
    await ask(host, 'customModules.switch', { file: 'tag-if.js', on: false })
    expect(JSON.stringify(await ask(host, 'runs.get', { runId }))).not.toContain('EVIL')
    expect((await ask(host, 'module.explain', { moduleId: 'tag-if' })).text).not.toContain('EVIL')
    const again = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: eventOf(1) } })
    expect(JSON.stringify(await finished(host, again.runId))).not.toContain('EVIL')
  })

  it('of which one is a trigger’s, the trigger stays', async () => {
    const host = await open()
    put(host, 'x.js', module('event-publish', 'EVIL'))
    await on(host, 'x.js')
    expect((await ask(host, 'modules.get', { moduleId: 'event-publish' })).module_type).toBe('trigger')
    expect(await told(host, 'event-publish')).toContain('EVIL')
  })
})

describe('code that was switched off', () => {
  it('says nothing about runs any more', async () => {
    const host = await open()
    put(host, 'a.js', module('own', 'EVIL'))
    await on(host, 'a.js')
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'own' }
    })
    await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) } })
    await ask(host, 'customModules.switch', { file: 'a.js', on: false })
    const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) } })
    expect(JSON.stringify((await finished(host, runId)).steps)).not.toContain('EVIL')
  })
})

describe('a file of a module', () => {
  it.skipIf(process.platform === 'win32')('that is a link is none, wherever it leads', async () => {
    const host = await open()
    const elsewhere = join(folder(), 'elsewhere.js')
    mkdirSync(join(elsewhere, '..'), { recursive: true })
    writeFileSync(elsewhere, module('linked', 'EVIL'))
    symlinkSync(elsewhere, join(dirOf(host.workspace.folder), 'linked.js'))
    symlinkSync('/dev/zero', join(dirOf(host.workspace.folder), 'endless.js'))
    for (const file of ['linked.js', 'endless.js'])
      expect(await on(host, file)).toMatchObject({ ok: false, error: { code: 'MODULE_FILE_INVALID' } })
    expect(await told(host, 'linked')).not.toContain('EVIL')
  })

  it('with a second name is off when it is written through that one', async () => {
    const host = await open()
    const elsewhere = join(folder(), 'elsewhere.js')
    mkdirSync(join(elsewhere, '..'), { recursive: true })
    writeFileSync(elsewhere, module('own', 'fine'))
    linkSync(elsewhere, join(dirOf(host.workspace.folder), 'own.js'))
    await on(host, 'own.js')
    expect(await told(host, 'own')).toContain('fine')
    appendFileSync(elsewhere, '\n// EVIL')
    expect(await told(host, 'own')).toContain('loading_error')
  })

  it('that is replaced after it was listed is not switched on', async () => {
    const host = await open()
    put(host, 'own.js', module('own', 'fine'))
    const [listed] = await ask(host, 'customModules.list', {})
    put(host, 'own.js', module('own', 'EVIL'))
    expect(await on(host, 'own.js', listed!.sha256!)).toMatchObject({ ok: false, error: { code: 'TRUST_CHANGED' } })
    expect(await told(host, 'own')).toContain('loading_error')
  })

  it('that is replaced right after it was made is not what was made', async () => {
    const dir = folder()
    mkdirSync(dir, { recursive: true })
    const { files, sha256 } = await writeModule(dir, { id: 'own', kind: 'action', language: 'js' })
    expect(await readModuleFile(dir, files[0]!)).toMatchObject({ sha256 })
    writeFileSync(join(dir, files[0]!), module('own', 'EVIL'))
    expect(await readModuleFile(dir, files[0]!)).not.toMatchObject({ sha256 })
  })

  it('in another spelling, or with the same text under another name, is another module', async () => {
    const host = await open()
    put(host, 'own.js', module('own', 'fine'))
    await on(host, 'own.js')
    renameSync(join(host.workspace.folder, 'modules', 'own.js'), join(host.workspace.folder, 'modules', 'Own.js'))
    expect(await told(host, 'own')).toContain('loading_error')
    for (const file of ['../own.js', 'own.js/', './Own.js', 'OWN.JS', 'own.js\0', 'modules/Own.js', ''])
      expect(await on(host, file)).toMatchObject({
        ok: false,
        error: { code: expect.not.stringMatching('INTERNAL') as string }
      })
  })

  it('is off in a copy, after a move, and in what stands in its workspace’s place', async () => {
    const [first, copy, moved, user] = [folder(), folder(), folder(), folder()]
    const host = await open(first, { userFolder: user })
    put(host, 'own.js', module('own', 'EVIL'))
    await on(host, 'own.js')
    expect(await told(host, 'own')).toContain('EVIL')
    await host.close()
    cpSync(first, copy, { recursive: true })
    const copied = await open(copy, { userFolder: user })
    expect(await told(copied, 'own')).toContain('loading_error')
    await copied.close()
    if (existsSync(moved)) rmSync(moved, { recursive: true })
    renameSync(first, moved)
    const elsewhere = await open(moved, { userFolder: user })
    expect(await told(elsewhere, 'own')).toContain('loading_error')
    await elsewhere.close()
    // The copy now stands where the first one was: another folder under the same name.
    renameSync(copy, first)
    const standIn = await open(first, { userFolder: user })
    expect(await told(standIn, 'own')).toContain('loading_error')
  })
})
