// Tab in a shell: what is offered, and that each shell's own completion offers it.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtWorker } from '../host/built-worker.ts'
import { retraceHere } from './here.ts'
import { script } from './retrace.ts'

const demos = fileURLToPath(new URL('../../../resources/workspaces', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'retrace-tab-'))
const env = { ...process.env, RETRACE_USER_FOLDER: join(root, 'retrace'), RETRACE_NO_BUILD: '1' }
const { RETRACE_USER_FOLDER: before } = process.env

beforeAll(() => {
  builtWorker()
  process.env.RETRACE_USER_FOLDER = join(root, 'retrace')
  cpSync(join(demos, 'publish-guard'), join(root, 'retrace', 'workspace'), { recursive: true })
})
afterAll(() => {
  if (before === undefined) delete process.env.RETRACE_USER_FOLDER
  else process.env.RETRACE_USER_FOLDER = before
  rmSync(root, { recursive: true, force: true })
})

/** What is offered for a line; the last word is the one that is typed. */
async function offered(line: string): Promise<readonly string[]> {
  const { out } = await retraceHere('completion', 'suggest', '--', 'retrace', ...line.split(' '))
  return out.split('\n').map((one) => one.split('\t')[0] ?? '')
}

describe('completion', { timeout: 60_000 }, () => {
  it('offers commands, their options and the values of these', async () => {
    const all = await offered('')
    expect(all).toEqual(expect.arrayContaining(['none', 'run', 'why', 'completion', 'help']))
    expect(await offered('ver')).toEqual(['none', 'verify'])
    expect(await offered('run w --da')).toEqual(['none', '--data'])
    // Each once, but for those that may be given again.
    expect(await offered('run w --raw --limit a=1 --ra')).toEqual(['none'])
    expect(await offered('run w --limit a=1 --lim')).toEqual(['none', '--limit'])
    expect(await offered('run w --profile 2.5')).toEqual(['none', '2.5-newest', '2.5.19', '2.5.1'])
    expect(await offered('upgrade --from 2.4')).toEqual(['none', '2.4.198', '2.4.177'])
    expect(await offered('profile n')).toEqual(['none', 'none'])
    expect(await offered('run w --effects re')).toEqual(['none', 'record', 'recorded'])
    expect(await offered('run w --as event-p')).toEqual(['none', 'event-publish'])
    expect(await offered('normalize event-p')).toEqual(['none', 'event-publish'])
    expect(await offered('module stop-')).toEqual(['none', 'stop-execution'])
    expect(await offered('verify --reporter j')).toEqual(['none', 'junit'])
    expect(await offered('find --path a --operator in_')).toEqual(['none', 'in_or', 'in_and'])
    expect((await offered('template t --limit '))[1]).toMatch(/^\w+=$/)
    expect(await offered('hash ex')).toEqual(['none', 'extract'])
    expect(await offered('new work')).toEqual(['none', 'workspace'])
    expect(await offered('runs --workspace ')).toEqual(['folders'])
    expect(await offered('run w --settings ')).toEqual(['files'])
    expect(await offered('nonsense ')).toEqual(['none'])
  })

  it('offers names of the workspace and of the demonstrations, and runs', async () => {
    expect(await offered('run publ')).toEqual(['files', 'publish-guard'])
    expect(await offered('check ')).toEqual(expect.arrayContaining(['publish-guard', 'mail-on-pull', 'demo-1']))
    expect(await offered('run w --data inv')).toEqual(['files', 'invoice-phishing'])
    expect(await offered('run w --mock exercise-h')).toEqual(['files', 'exercise-hashlookup-recorded'])
    expect(await offered(`run w --workspace ${join(demos, 'mail-on-pull')} --data `)).toEqual(['files', 'pulled-event'])
    await retraceHere('import', 'examples/posts.ndjson', '--workspace', join(root, 'ws'))
    expect(await offered(`diff --workspace ${join(root, 'ws')} c-1 c`)).toEqual(['none', 'c-6', 'c-1'])
    expect(await offered(`show --workspace ${join(root, 'nowhere')} c`)).toEqual(['none'])
    expect((await retraceHere('completion', 'sh')).err).toMatch(/COMMAND_INVALID: .*bash, zsh, fish/)
  })
})

const has = (shell: string): boolean => process.platform !== 'win32' && spawnSync(shell, ['--version']).status === 0

/** `retrace` as it is found on the path, and a folder to complete names of files in. */
function place(): string {
  const bin = join(root, 'bin')
  mkdirSync(join(root, 'there', 'my folder'), { recursive: true })
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(root, 'there', 'one file.json'), '{}')
  writeFileSync(join(bin, 'retrace'), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`)
  chmodSync(join(bin, 'retrace'), 0o755)
  return bin
}

function shell(name: string, args: readonly string[], text: string): readonly string[] {
  const around = { ...env, PATH: `${place()}${delimiter}${process.env.PATH}`, HOME: root }
  const out = execFileSync(name, [...args, text], { cwd: join(root, 'there'), env: around, encoding: 'utf8' })
  return out.split('\n').filter((line) => line !== '')
}

describe('a shell completes', { timeout: 60_000 }, () => {
  it.skipIf(!has('bash'))('bash: names, options, values, and files with blanks', () => {
    const tab = (...words: readonly string[]): string =>
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _retrace retrace; printf '%s\\n' "\${COMPREPLY[@]}" --`
    const text = [
      'eval "$(retrace completion bash)"',
      tab('retrace', 'wh'),
      tab('retrace', 'run', 'publ'),
      tab('retrace', 'run', 'w', '--profile', '2.5.1'),
      tab('retrace', 'run', 'one'),
      tab('retrace', 'runs', '--workspace', 'my'),
      'complete -p retrace'
    ].join('\n')
    expect(shell('bash', ['--norc', '--noprofile', '-c'], text)).toEqual([
      ...['why', '--', 'publish-guard', '--', '2.5.19', '2.5.1', '--', 'one file.json', '--', 'my folder', '--'],
      'complete -F _retrace retrace'
    ])
  })

  it.skipIf(!has('zsh'))('zsh: the same, with what each is about', () => {
    const tab = (...words: readonly string[]): string =>
      `words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _retrace`
    const text = [
      'compdef() { print -r -- compdef $*; }',
      '_describe() { print -rl -- "${(@P)4-${(@P)3}}"; }',
      '_files() { print -r -- files $*; }',
      'eval "$(retrace completion zsh)"',
      tab('retrace', 'wh'),
      tab('retrace', 'run', 'publ'),
      tab('retrace', 'runs', '--workspace', '')
    ].join('\n')
    expect(shell('zsh', ['-f', '-c'], text)).toEqual([
      'compdef _retrace retrace',
      expect.stringMatching(/^why:Say why a run ended/),
      'publish-guard:Block tlp:red, announce the rest',
      'files',
      'files -/'
    ])
  })

  it.skipIf(!has('fish'))('fish: the same', () => {
    const text = [
      'retrace completion fish | source',
      ...['wh', 'run publ', 'run w --profile 2.5.1', 'run one', 'runs --workspace my'].map(
        (line) => `complete -C 'retrace ${line}'`
      )
    ].join('\n')
    const lines = shell('fish', ['--no-config', '-c'], text).map((line) => line.split('\t')[0]?.replaceAll('\\', ''))
    expect(lines).toEqual(['why', 'publish-guard', '2.5.1', '2.5.19', 'one file.json', 'my folder/'])
  })
})
