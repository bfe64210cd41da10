// Somebody who types anything: each command with arguments and options that are missing, empty, odd, huge, given twice or of another kind. Each
// answers with one of its exit statuses, and what is wrong with a code and no more than it takes.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { parseUsage, type Usage } from '../../src/cli/usage.ts'
import { retraceIn } from '../unit/cli/here.ts'
import type { Around } from '../unit/cli/retrace.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { scale, seeded } from './scale.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'retrace-arguments-'))
const around: Around = {
  cwd: join(home, 'here'),
  env: { RETRACE_USER_FOLDER: join(home, 'user') }
}

beforeAll(async () => {
  builtWorker()
  cpSync(join(root, 'examples'), join(home, 'here', 'examples'), { recursive: true })
  await retraceIn(around, 'import', 'examples/posts.ndjson', '--workspace', 'ws')
  await retraceIn(
    around,
    'run',
    'examples/workflow.json',
    '--data',
    'examples/event.json',
    '--keep',
    '--workspace',
    'ws'
  )
  await retraceIn(around, 'import', 'examples/workflow.json', '--workspace', 'ws')
  writeFileSync(join(home, 'here', 'text.txt'), 'no JSON')
  writeFileSync(join(home, 'here', 'list.json'), '[1, "two", null]')
  writeFileSync(join(home, 'here', 'empty'), '')
}, 120_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const [w, e] = ['examples/workflow.json', 'examples/event.json']
/** Of each command arguments that it takes. */
const good: Readonly<Record<string, readonly string[]>> = {
  run: [w, '--data', e],
  again: ['c-1', '--workspace', 'ws'],
  module: ['tag-if', '--data', e],
  check: [w],
  hash: ['extract', 'Event.Tag.{n}.name', '--data', e],
  normalize: ['event-publish', '--data', e],
  template: ['text.txt', '--data', e],
  modules: [],
  blueprints: ['--workspace', 'ws'],
  import: ['examples/posts.ndjson'],
  runs: ['--workspace', 'ws'],
  show: ['c-1', '--workspace', 'ws'],
  why: ['c-1', '--workspace', 'ws'],
  blame: ['c-1', 'Event.info', '--workspace', 'ws'],
  find: ['tlp', '--workspace', 'ws'],
  diff: ['c-1', 'c-6', '--workspace', 'ws'],
  verify: ['c-1', '--workspace', 'ws'],
  case: ['c-1', '--out', 'a.case.json', '--workspace', 'ws'],
  test: ['ws'],
  export: ['c-1', '--workspace', 'ws'],
  send: ['examples/posts.ndjson', '--to', 'http://127.0.0.1:1'],
  trust: ['ws'],
  profile: ['--workspace', 'ws'],
  upgrade: ['--from', '2.5.1', '--to', '2.5-newest', w],
  impact: [w, '--against', w, '--events', 'examples'],
  coverage: [w, '--events', 'examples'],
  new: ['examples'],
  completion: ['bash'],
  // They wait until they are stopped: only with what they refuse.
  listen: ['--port', 'none'],
  serve: ['--port', 'none']
}

const line = (text: string): readonly string[] => text.split(' ')
const odd: readonly string[] = [
  ...line('. .. - -- -1 0 1 1e3 1e999 0x10 1.5 NaN １ 99999999999999999999 2026-13-45 2.5.1 9.9.9 none c-1'),
  ...line('examples list.json text.txt empty nowhere.json nowhere/ /dev/null /dev/full examples/event.json/x'),
  ...line('__proto__ constructor toString %s $(id) * \\ " \' {} [] null true {"a":1} a=b = a,b ,'),
  ...line('http:// https://x http://127.0.0.1:99999 file:///etc/passwd +275760-09-13T00:00:00Z -000001-01-01'),
  ...[
    '',
    ' ',
    'http://a b',
    '\u001b[2J',
    'a\nb',
    'a\tb',
    '\u202egnp.x',
    'ünïcödé',
    '事件',
    '🦊'.repeat(50),
    'e\u0301',
    '\ud800'
  ],
  ...['x'.repeat(5000), '{n}.'.repeat(2000), '['.repeat(3000)]
]

/** They tell of each file what is wrong with it, and go on with the others. */
const tells = new Set(['test', 'check'])

/** What a person sees is one line with a code, never a stack, and a status that says the same. */
function problemOf(
  args: readonly string[],
  { status, out, err }: { status: number; out: string; err: string }
): string | null {
  const said = `retrace ${args.map((arg) => JSON.stringify(arg.length > 60 ? `${arg.slice(0, 60)}…` : arg)).join(' ')}\n  ${status} ${err.slice(0, 300)}`
  if (![0, 1, 2, 3, 4].includes(status) && !(status === 5 && err.includes('error STORE_WRITE_FAILED'))) return said
  if (/error INTERNAL|\n\s+at .*\.m?[jt]s|TypeError|RangeError|\[object Object\]|undefined/.test(err)) return said
  const errors = err.match(/^error .*$/gm) ?? []
  if (errors.length > 1 || errors.some((line) => !/^error [A-Z_]+: .+/.test(line))) return said
  if (status === 3 && errors.length === 0 && !/^(?:.*\n)*note .*/.test(err) && !tells.has(args[0]!)) return said
  if (status === 3 && out !== '' && !tells.has(args[0]!)) return `${said}\n  printed ${out.slice(0, 100)}`
  if (err.length > 4000) return `${said}\n  ${err.length} characters`
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(err)) return `${said}\n  control characters`
  return null
}

async function problemsOf(all: readonly (readonly string[])[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const args of all) {
    const problem = problemOf(args, await retraceIn(around, ...args))
    if (problem !== null) found.push(problem)
  }
  return found
}

const withUsage: readonly (readonly [string, Usage])[] = commands.map(({ name, usage }) => [name, parseUsage(usage)])
/** They would go on, or ask. */
const waits = new Set(['watch', 'update', 'no-open', 'speed'])

describe('a command line that is wrong', { timeout: 600_000 }, () => {
  it('has arguments of each command that it takes', async () => {
    for (const { name } of commands) {
      const { err, status } = await retraceIn(around, name, ...(good[name] ?? []))
      if (!['listen', 'serve', 'send', 'again', 'test', 'verify'].includes(name))
        expect([name, err.replace(/^(note|assumed).*\n/gm, ''), status < 3]).toEqual([name, '', true])
    }
  })

  it.each(withUsage)(
    '%s: without its arguments, with too many, with unknown options, without values',
    async (name, usage) => {
      const base = good[name] ?? []
      const all = [
        ...base.map((_, i) => [name, ...base.slice(0, i)]),
        ...base.map((_, i) => [name, ...base.filter((__, j) => j !== i)]),
        [name, ...base, ...Array.from({ length: 20 }, () => 'more')],
        ...['--nope', '--no.pe=1', '-x', '--', '--=', '--no-json', '--json=yes', '--workspace', '--data', '-h'].map(
          (one) => [name, ...base, one]
        ),
        ...usage.options.flatMap((one) => [
          [name, ...base, `--${one.name}`],
          [name, ...base, `--${one.name}=`],
          [name, ...base, `--${one.name}`, '--json'],
          ...(waits.has(one.name) ? [] : [[name, ...base, `--${one.name}=1`, `--${one.name}=2`]])
        ])
      ]
        // In the short form some of each, other ones of each command.
        .filter((_, i) => (i + name.length) % scale(3, 1) === 0)
        .filter((args) => !args.some((arg) => waits.has(arg.replace(/^--/, '').replace(/=.*/, ''))) && !isServing(args))
      expect(await problemsOf(all)).toEqual([])
    }
  )

  it.each(withUsage)('%s: with anything in the place of each', async (name, usage) => {
    const random = seeded(name.length * 7919)
    const some = (list: readonly string[]): readonly string[] =>
      list.filter(() => random() * list.length < scale(1, 1000))
    const base = good[name] ?? []
    const places = base.flatMap((_, i) =>
      some(odd).map((value) => [name, ...base.map((arg, j) => (i === j ? value : arg))])
    )
    const options = usage.options
      .filter((one) => one.value !== null && !waits.has(one.name))
      .flatMap((one) => some(odd).map((value) => [name, ...withOption(base, `--${one.name}`, value)]))
    expect(
      await problemsOf(
        [...places, ...options].filter((args) => args.slice(1).every((arg) => arg !== '-') && !isServing(args))
      )
    ).toEqual([])
  })
})

/** In the place of the one that is there, for none may be given twice. */
function withOption(args: readonly string[], option: string, value: string): readonly string[] {
  const at = args.indexOf(option)
  return [...(at < 0 ? args : args.toSpliced(at, 2)), option, value]
}

/** It would go on until it is stopped. */
function isServing([name = '', ...args]: readonly string[]): boolean {
  if (name !== 'listen' && name !== 'serve') return false
  const at = args.lastIndexOf('--port')
  return !(at >= 0 && args[at + 1] === 'none' && !args.slice(at + 1).some((arg) => arg.startsWith('--port')))
}
