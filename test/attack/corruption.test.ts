// Every kind of file of a workspace in every kind of damage: the app starts, says which file it is, keeps it, and everything else works.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { createFileKeys } from '../../src/host/ports/keys.ts'
import { recallAddress, rememberAddress } from '../../src/server/last-address.ts'
import { hosting } from '../unit/host/hosting.ts'
import { closeSockets, damages, printOf, printsOf, type Damage } from './damage.ts'
import { cipher } from './make-workspace.ts'
import { isLong, seeded } from './scale.ts'
import { postTo, visit } from './visit.ts'

const fixture = fileURLToPath(new URL('../fixtures/workspace-0.1.0', import.meta.url))
const all = readdirSync(join(fixture, 'workspace'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(fixture.length + 'workspace'.length + 2))
const one = (pattern: RegExp): string => all.find((name) => pattern.test(name))!

interface Kind {
  readonly file: string
  /** What has to be named: whatever can be no such file; only what is no file at all; nothing (it is made anew, or never read). */
  readonly named: 'any' | 'special' | 'never'
  /** Lines of it are read one by one, or it keeps its own version elsewhere. */
  readonly versioned?: false
}

const kinds: readonly Kind[] = [
  { file: 'catalogue.json', named: 'any' },
  { file: 'workflows/guard/1.json', named: 'any' },
  { file: 'workflows/guard/2.json', named: 'any' },
  { file: 'drafts/guard.json', named: 'any' },
  { file: one(/^blueprints/), named: 'any' },
  { file: 'data/one-event.json', named: 'special', versioned: false },
  { file: 'data/one-event.meta.json', named: 'any' },
  { file: 'data/.bin/old-event.json', named: 'never', versioned: false },
  { file: 'world/tags.json', named: 'special', versioned: false },
  { file: 'mocks/answers.json', named: 'any' },
  { file: 'answers/recorded.json', named: 'any' },
  { file: 'modules/mine.js', named: 'special', versioned: false },
  { file: 'runs/index.ndjson', named: 'any' },
  { file: one(/^runs\/\d/), named: 'any' },
  { file: one(/^runs\/outlines/), named: 'never' },
  { file: one(/\.seg$/), named: 'special' },
  { file: one(/\.cseg$/), named: 'any' },
  { file: one(/^capture\/bodies/), named: 'special', versioned: false },
  { file: 'capture/runs.ndjson', named: 'any' },
  { file: 'capture/corrections.ndjson', named: 'any' },
  { file: 'capture/removed.ndjson', named: 'special' },
  { file: 'capture/forward.json', named: 'never' },
  { file: one(/^capture\/logs/), named: 'any' },
  { file: one(/^\.uploads/), named: 'never', versioned: false },
  { file: 'retrace.log', named: 'never', versioned: false }
]

const { folder, open } = hosting()
afterEach(closeSockets)

const cells = kinds.flatMap((kind) => damages.map((damage) => [kind, damage] as const))
const random = seeded(12)
const short = Array.from({ length: 5 }, () => cells[Math.floor(random() * cells.length)]!)

function mustBeNamed({ file, named, versioned }: Kind, damage: Damage): boolean {
  if (named === 'never' || (damage.newer && versioned === false)) return false
  // An empty file of lines is one without lines, and one that was not written to its end is no damage.
  if (/ndjson$/.test(file) && damage.name === 'empty' && file.startsWith('capture/')) return false
  if (named === 'special') return damage.special === true
  return damage.breaks
}

describe('a damaged file', () => {
  it.each((isLong ? cells : short).map(([kind, damage]) => [kind.file, damage.name, kind, damage] as const))(
    '%s: %s',
    async (_file, _name, kind, damage) => {
      const root = folder()
      const [workspace, outside] = [join(root, 'w'), join(root, 'o')]
      cpSync(join(fixture, 'workspace'), workspace, { recursive: true })
      mkdirSync(outside)
      writeFileSync(join(outside, 'secret.json'), '{"version":1,"secret":true}')
      const file = join(workspace, kind.file)
      damage.do(file, outside)
      const [broken, before, around] = [printOf(file), printsOf(workspace), printsOf(outside)]

      const host = await open(workspace, { listen: true, userFolder: join(root, 'user') })
      expect(await postTo(host)).toBe(200)
      const { said, uncoded, counts } = await visit(host)
      expect(uncoded).toEqual([])
      if (mustBeNamed(kind, damage)) expect(said).toContain(basename(kind.file))
      expect(counts.posts).toBeGreaterThan(0)
      if (!kind.file.startsWith('workflows/')) expect(counts.workflows).toBe(1)
      if (!kind.file.startsWith('data/')) expect(counts.data).toBe(1)
      expect(counts.runs).toBeGreaterThan(0)
      await host.close()

      // What was broken is still there, under its name or beside it.
      const beside = readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)))
      const kept = beside.map((name) => printOf(join(dirname(file), name)))
      const isWritten =
        ['retrace.log', 'capture/removed.ndjson'].includes(kind.file) || /^capture\/.*seg$/.test(kind.file)
      if (mustBeNamed(kind, damage) && !isWritten) expect(kept).toContain(broken)
      if (damage.newer && kind.versioned !== false && !kind.file.includes('outlines'))
        expect(printOf(file)).toBe(broken)
      // Nothing else is gone.
      const after = printsOf(workspace)
      // A removal that was begun is finished: what it leaves is compacted.
      const isCompacted = kind.file === 'capture/removed.ndjson'
      const isMoved = (name: string): boolean => isCompacted && /^capture\/(.*seg|bodies\/.*)$/.test(name)
      const gone = [...before.keys()].filter((name) => name !== kind.file && !after.has(name) && !isMoved(name))
      expect(gone).toEqual([])
      expect(printsOf(outside)).toEqual(around)
    }
  )

  // What a lock's content means, and how long it is looked at, stands in the tests of the lock.
  it.each(damages.filter((damage) => damage.special).map((damage) => [damage.name, damage] as const))(
    'in the place of the lock ends no start: %s',
    async (_name, damage) => {
      const root = folder()
      cpSync(join(fixture, 'workspace'), root, { recursive: true })
      writeFileSync(
        join(root, 'workspace.lock'),
        '{"version":1,"pid":1,"host":"elsewhere","nonce":"x","seenAt":"2020-01-01T00:00:00.000Z"}'
      )
      damage.do(join(root, 'workspace.lock'), root)
      const host = await open(root)
      expect(await host.call('workflows.list', {})).toMatchObject({ ok: true, data: [{ id: 'guard' }] })
    }
  )

  it('never takes the place of one that was put aside before, also of a link to nothing', async () => {
    const root = folder()
    cpSync(join(fixture, 'workspace'), root, { recursive: true })
    damages.find(({ name }) => name === 'a link to nothing')!.do(join(root, 'catalogue.json.bad'), root)
    for (const text of ['[]', 'null', '5']) {
      writeFileSync(join(root, 'catalogue.json'), text)
      await (await open(root)).close()
    }
    expect(printOf(join(root, 'catalogue.json.bad'))).toMatch(/^link/)
    expect(['2', '3', '4'].map((n) => readFileSync(join(root, `catalogue.json.bad${n}`), 'utf8'))).toEqual([
      '[]',
      'null',
      '5'
    ])
  })

  const someDamages = isLong ? damages : damages.filter(({ name }) => ['[]', 'a pipe'].includes(name))
  it.each(someDamages.map((damage) => [damage.name, damage] as const))(
    'of the user’s own folder is kept: %s',
    async (_name, damage) => {
      const root = folder()
      const [workspace, user] = [join(root, 'w'), join(root, 'user')]
      for (const name of ['trusted-modules.json', 'addresses.json', 'keys.json']) {
        mkdirSync(user, { recursive: true })
        cpSync(join(fixture, 'user', name), join(user, name))
        damage.do(join(user, name), root)
        const broken = printOf(join(user, name))
        const host = await open(workspace, { userFolder: user })
        await host.call('customModules.list', {})
        await host.call('customModules.create', {
          id: `m${name.slice(0, 4)}${damages.indexOf(damage)}`,
          kind: 'action',
          language: 'js'
        })
        await recallAddress(user, workspace)
        await rememberAddress(user, workspace, { port: 1, token: 'b'.repeat(30) })
        const keys = createFileKeys(join(user, 'keys.json'), cipher)
        await keys.get('x')
        await keys.set('x', 'y').catch(() => undefined)
        await host.close()
        if (!damage.breaks || (name === 'keys.json' && (damage.newer || damage.name === '{}'))) continue
        const kept = readdirSync(user)
          .filter((one) => one.startsWith(name))
          .map((one) => printOf(join(user, one)))
        expect(kept, name).toContain(broken)
        if (damage.special || !existsSync(`${join(user, name)}.bad`)) expect(kept.length).toBeGreaterThan(0)
      }
    }
  )
})
