import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { customModulesOf, listCustomModules } from '../../../../src/host/worker/runs/custom-modules.ts'
import { readModuleFile } from '../../../../src/host/modules/module-file.ts'
import { ask, hosting } from '../hosting.ts'

const { folder, open } = hosting()
const code = (text: string): string =>
  `export default defineModule({ kind: 'action', id: 'own', name: '${text}', execute() { return true } })`

function withModule(text: string, at = folder()): string {
  mkdirSync(join(at, 'modules'), { recursive: true })
  writeFileSync(join(at, 'modules', 'own.js'), code(text))
  return at
}

describe('trust of custom modules', () => {
  it('is of one text in one workspace: not of the name elsewhere, nor of a copy', async () => {
    const [user, one, other] = [folder(), withModule('one'), withModule('two')]
    const copy = join(folder(), 'copy')
    const host = await open(one, { userFolder: user })
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    expect((await ask(host, 'customModules.list', {}))[0]).toMatchObject({ on: true, changed: false })
    await host.close()
    cpSync(one, copy, { recursive: true })
    for (const at of [other, copy]) {
      const there = await open(at, { userFolder: user })
      expect((await ask(there, 'customModules.list', {}))[0]).toMatchObject({ on: false })
      await there.close()
    }
    const again = await open(one, { userFolder: user })
    expect((await ask(again, 'customModules.list', {}))[0]).toMatchObject({ on: true })
  })

  it('ends when the text changes, is told, and comes back with the text', async () => {
    const [user, at] = [folder(), withModule('first')]
    const host = await open(at, { userFolder: user })
    const [listed] = await ask(host, 'customModules.list', {})
    withModule('other', at)
    const stale = await host.call('customModules.switch', { file: 'own.js', on: true, sha256: listed?.sha256 })
    expect(stale.ok ? null : stale.error.code).toBe('TRUST_CHANGED')
    expect((await ask(host, 'customModules.list', {}))[0]).toMatchObject({ on: false, changed: false })
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    withModule('third', at)
    expect((await ask(host, 'customModules.list', {}))[0]).toMatchObject({ on: false, changed: true })
    expect((await ask(host, 'trust.list', {})).items).toMatchObject([
      { key: 'module:own.js', reason: 'changed', asks: true }
    ])
    withModule('other', at)
    expect((await ask(host, 'customModules.list', {}))[0]).toMatchObject({ on: true, changed: false })
  })

  it('holds for the very text that runs, whenever the file is replaced', async () => {
    const at = withModule('trusted')
    const modules = join(at, 'modules')
    const found = await readModuleFile(modules, 'own.js')
    const sha256 = 'sha256' in found ? found.sha256 : ''
    const refs = { customModules: { folder: modules, on: { 'own.js': sha256 } } }
    const names = new Set<string>()
    for (let turn = 0; turn < 200; turn++) {
      const reading = customModulesOf(refs)
      withModule(turn % 2 === 0 ? 'hostile' : 'trusted', at)
      for (const { definition } of await reading) names.add(definition.name)
    }
    expect([...names].filter((name) => name !== 'trusted')).toEqual([])
    withModule('trusted', at)
    expect((await listCustomModules(refs))[0]).toMatchObject({ on: true, name: 'trusted' })
    expect((await customModulesOf(refs)).map(({ definition }) => definition.name)).toEqual(['trusted'])
  })
})
