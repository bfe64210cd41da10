// Blueprints come from anywhere: one that is broken is told by name, the others are taken, and none leads out of its folder.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blueprintsCommand } from '../../src/cli/blueprints.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { toFailure } from '../../src/host/registry/failure.ts'
import { ask, hosting } from '../unit/host/hosting.ts'

const { open, folder } = hosting()

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const node = (id: number, to: readonly number[] = []): object => ({
  ...{
    id,
    name: 'n',
    class: 'block',
    inputs: [],
    data: { id: 'tag-if', module_type: 'logic', indexed_params: [], saved_filters: [] }
  },
  outputs: { output_1: { connections: to.map((target) => ({ node: String(target), output: 'input_1' })) } }
})
const blueprint = (n: number, more: object = {}): string =>
  JSON.stringify({
    WorkflowBlueprint: { uuid: uuid(n), name: `b ${n}`, description: '', timestamp: '1', data: [node(1)], ...more }
  })

/** Texts of a blueprint that nobody has as it should be, and the code that each is refused with; '' is taken as it is. */
const hostile: Readonly<Record<string, readonly [text: string, code: string]>> = {
  'a uuid that leads out': [blueprint(1, { uuid: '../../../../catalogue' }), 'not a UUID'],
  'a uuid with a NUL': [blueprint(1, { uuid: `${uuid(1)}\0` }), 'not a UUID'],
  'a uuid with a line after it': [blueprint(1, { uuid: `${uuid(1)}\n` }), 'not a UUID'],
  'a uuid that is a list': [blueprint(1, { uuid: ['..'] }), ''],
  'no name': [blueprint(1, { name: '' }), 'must have a name'],
  'a name that is a map': [blueprint(1, { name: { toString: 1 } }), 'must have a name'],
  'a name that leads out': [blueprint(2, { name: '../../../etc/passwd\u0000' }), ''],
  'a name of a megabyte': [blueprint(3, { name: 'n'.repeat(1e6) }), ''],
  'a time that is none': [blueprint(4, { timestamp: '1e300' }), ''],
  'a time of which no number can be made': [blueprint(5, { timestamp: { valueOf: 1, toString: 1 } }), ''],
  'a description of which no text can be made': [blueprint(6, { description: [{ toString: 1 }] }), ''],
  'nodes that lead to each other': [blueprint(7, { data: [node(1, [2]), node(2, [1])] }), ''],
  'a node that leads to itself': [blueprint(8, { data: [node(1, [1, 1, 1])] }), ''],
  'the same id twice': [blueprint(9, { data: [node(1, [1]), node(1, [1])] }), ''],
  'a node of no module': [blueprint(10, { data: [{ ...node(1), data: null }] }), 'expected an object'],
  'more nodes than the limit': [
    blueprint(11, { data: Array.from({ length: 60_000 }, (_, i) => ({ id: i, data: {} })) }),
    'nodes'
  ],
  'nodes as a text that is none': [blueprint(12, { data: '[' }), 'not valid JSON'],
  '20,000 levels': [`{"WorkflowBlueprint":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'levels'],
  'a key __proto__': [blueprint(13).replace('"name"', '"__proto__":{"uuid":"x"},"name"'), ''],
  'no blueprint': ['[]', 'not a blueprint'],
  'no JSON': ['<html>', 'not valid JSON']
}

describe('a blueprint', () => {
  it('that is broken is told, the others are taken, and nothing is written elsewhere', async () => {
    const host = await open()
    const files = Object.entries(hostile).map(([name, [text]]) => ({ name, text }))
    const done = await ask(host, 'blueprints.import', {
      files: [...files, { name: 'good', text: blueprint(99) }],
      force: true
    })
    const failed = new Map(done.failed.map(({ name, message }) => [name, message]))
    for (const [name, [, code]] of Object.entries(hostile))
      expect([name, failed.get(name) ?? '']).toEqual([name, expect.stringContaining(code)])
    expect(done.failed).toHaveLength(Object.values(hostile).filter(([, code]) => code !== '').length)
    const list = await ask(host, 'blueprints.list', {})
    expect(list.map(({ name }) => name)).toContain('b 99')
    for (const { uuid: one, timestamp } of list) {
      expect(() => new Date(timestamp * 1000).toISOString()).not.toThrow()
      await ask(host, 'blueprints.get', { uuid: one })
      await ask(host, 'blueprints.export', { uuid: one })
    }
    const written = readdirSync(join(host.workspace.folder, 'blueprints')).filter((name) => !name.startsWith('.'))
    expect(written.sort()).toEqual(list.map(({ uuid: one }) => `${one}.json`).sort())
    expect(({} as { uuid?: unknown }).uuid).toBeUndefined()
    // All of it again after a restart.
    await host.close()
    const again = await open(host.workspace.folder)
    expect(await ask(again, 'blueprints.list', {})).toHaveLength(list.length)
    await again.close()
    const shown = await command('--workspace', host.workspace.folder)
    expect(shown.code).toBe(0)
    expect(shown.lines.join('\n')).not.toMatch(/\u0000/)
  })

  it.skipIf(process.platform === 'win32')(
    'of a folder with pipes, links, devices and huge files is taken, and these are told',
    async () => {
      const dir = join(folder(), 'repository')
      mkdirSync(join(dir, 'folder.json'), { recursive: true })
      writeFileSync(join(dir, 'good.json'), blueprint(1))
      execFileSync('mkfifo', [join(dir, 'pipe.json')])
      symlinkSync('/dev/zero', join(dir, 'device.json'))
      symlinkSync('nowhere', join(dir, 'dangling.json'))
      symlinkSync('loop.json', join(dir, 'loop.json'))
      symlinkSync('..', join(dir, 'folder.json', 'up.json'))
      writeFileSync(join(dir, 'huge.json'), '')
      truncateSync(join(dir, 'huge.json'), 3_000_000_000)
      const { code, lines, said } = await command(dir, '--workspace', folder())
      expect([code, lines.at(-1)]).toEqual([1, '1 added, 0 updated, 0 unchanged, 6 failed'])
      for (const name of ['pipe', 'device', 'dangling', 'loop', 'up', 'huge'])
        expect(said.join('\n')).toContain(`${name}.json`)
    }
  )
})

async function command(...args: readonly string[]) {
  const [lines, said]: [string[], string[]] = [[], []]
  const context = {
    ...{ args, root: '.', version: '0', usage: 'blueprints', color: false },
    ...{ print: (line: string) => void lines.push(line), complain: (line: string) => void said.push(line) }
  } as unknown as CommandContext
  const code = await Promise.resolve(blueprintsCommand(context)).catch(
    (error: unknown) => toFailure(error, 'cli', () => undefined).code
  )
  return { code, lines, said }
}
