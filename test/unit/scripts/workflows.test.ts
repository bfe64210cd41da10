// The project's own GitHub workflows: whatever they name exists, and they may do no more than they need.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
}
interface Job {
  readonly needs?: string | readonly string[]
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> }
  readonly 'timeout-minutes'?: number
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = join(root, '.github', 'workflows')
const texts = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const workflows = new Map([...texts].map(([name, text]) => [name, parse(text, { strict: true }) as Workflow]))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}
/** As the program names them to whom asks for another one. */
const steps = spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), 'no-step'], { encoding: 'utf8' })
  .stderr.split('there are ')[1]!
  .trim()
  .split(', ')

const jobsOf = (name: string): readonly (readonly [string, Job])[] => Object.entries(workflows.get(name)?.jobs ?? {})
const all = [...workflows.keys()].flatMap((name) => jobsOf(name).map(([id, job]) => [`${name} ${id}`, job] as const))
const commandsOf = (job: Job): string[] => (job.steps ?? []).flatMap(({ run }) => run?.split('\n') ?? [])

describe('a workflow', () => {
  it.each(all)('%s names scripts, steps and files that exist', (_name, job) => {
    for (const line of commandsOf(job)) {
      const script = /\bnpm run ([\w:-]+)/.exec(line)?.[1]
      if (script !== undefined) expect(scripts).toHaveProperty(script)
      const named = /\bnpm test -- ([\w ]+)$/.exec(line)?.[1]?.split(' ') ?? []
      expect(steps).toEqual(expect.arrayContaining(named))
      for (const [file] of line.matchAll(/\b(?:scripts|resources|test|docs)\/[\w./-]+/g))
        expect([file, existsSync(join(root, file))]).toEqual([file, true])
    }
    const called = job.uses?.replace(/^\.\//, '')
    expect(called === undefined || existsSync(join(root, called))).toBe(true)
    for (const { with: given } of job.steps ?? []) {
      const file = given?.['node-version-file']
      expect(file === undefined || existsSync(join(root, file))).toBe(true)
    }
  })

  it.each(all)(
    '%s takes actions by their commit, keeps no token, puts nothing into a shell, and ends',
    (_name, job) => {
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeLessThanOrEqual(60)
      for (const { uses, run = '', with: given } of job.steps ?? []) {
        if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/)
        if (uses?.startsWith('actions/checkout@')) expect(given).toMatchObject({ 'persist-credentials': false })
        expect(run).not.toContain('${{')
      }
    }
  )

  it('may read alone, unless a job publishes something', () => {
    for (const { permissions } of workflows.values()) expect(permissions).toEqual({ contents: 'read' })
    const more = all.flatMap(([name, { permissions }]) => (permissions ? [[name, permissions]] : []))
    expect(more).toEqual([
      ['release.yml npm', { contents: 'read', 'id-token': 'write' }],
      ['release.yml container', { contents: 'read', packages: 'write' }],
      ['release.yml release', { contents: 'write' }]
    ])
  })

  it('runs the unit tests on three systems and four versions of Node, and every step of `npm test` somewhere', () => {
    expect(workflows.get('test.yml')?.jobs['unit']?.strategy?.matrix).toEqual({
      os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: ['20.19', '22', '24', '26']
    })
    const run = jobsOf('test.yml')
      .flatMap(([, job]) => commandsOf(job))
      .join('\n')
    for (const step of steps.filter((name) => name !== 'long'))
      expect(run).toMatch(new RegExp(`npm test -- .*\\b${step}\\b`))
    expect(run).toContain('npm run test:long')
  })

  it('publishes only what was tested and packaged', () => {
    const jobs = new Map(jobsOf('release.yml'))
    const before = (id: string): string[] =>
      [jobs.get(id)?.needs ?? []].flat().flatMap((need) => [need, ...before(need)])
    for (const id of ['npm', 'container', 'release'])
      expect(before(id)).toEqual(expect.arrayContaining(['tag', 'test', 'packages']))
    const packages = commandsOf(jobs.get('packages')!).join('\n')
    expect(packages).toMatch(/xvfb-run -a npm run self-test/)
    expect(packages).toMatch(/scripts\/fuses\.mjs/)
    expect(commandsOf(jobs.get('npm')!).join('\n')).toMatch(/npm publish .*--provenance/)
    expect(texts.get('release.yml')).toMatch(/sbom\.cdx\.json/)
    expect(commandsOf(jobs.get('release')!).join('\n')).toMatch(/sha256sum/)
  })
})
