// Commands in places where something is missing that they take for granted: a home, a disk to print on, an address to listen on, a terminal.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { retraceIn } from '../unit/cli/here.ts'
import { env, script } from '../unit/cli/retrace.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { isUnix } from './unix.ts'

const folder = temporaryFolders()
const root = fileURLToPath(new URL('../../', import.meta.url))
const run = ['run', join(root, 'examples', 'workflow.json'), '--data', join(root, 'examples', 'event.json')]

beforeAll(() => void builtWorker(), 120_000)

/** Through a shell, for what only one can say. */
const shell = (text: string, around: NodeJS.ProcessEnv = {}) =>
  spawnSync('sh', ['-c', text], {
    cwd: folder(),
    encoding: 'utf8',
    env: {
      ...env,
      ...around,
      RETRACE: `'${process.execPath}' '${script}'`,
      RUN: run.map((one) => `'${one}'`).join(' ')
    }
  })

describe.skipIf(!isUnix)('output', { timeout: 60_000 }, () => {
  it.skipIf(!existsSync('/dev/full'))('on a full disk is an error with a code, however little or much there is', () => {
    for (const command of ['help', '$RUN --json']) {
      const { status, stderr } = shell(`eval "$RETRACE ${command}" > /dev/full`)
      expect([command, status, stderr]).toEqual([
        command,
        5,
        'error STORE_WRITE_FAILED: Standard output cannot be written (ENOSPC).\n'
      ])
    }
  })

  it('may be closed from the beginning, as standard error and input may', () => {
    expect(shell('eval "$RETRACE $RUN" >&-').status).toBe(1)
    expect(shell('eval "$RETRACE $RUN" 2>&- > /dev/null').status).toBe(1)
    const { status, stderr } = shell(`eval "$RETRACE run '${run[1]}' --data -" <&-`)
    expect([status, stderr]).toEqual([3, expect.stringMatching(/^error INPUT_NOT_JSON: standard input .* is empty/)])
  })

  it('has no colour and no bars without a terminal, under LANG=C, and in a folder that is gone', () => {
    const plain = shell('eval "$RETRACE $RUN"', { LANG: 'C', LC_ALL: 'C', TERM: 'dumb' })
    expect([plain.status, plain.stderr, plain.stdout.includes('\u001b')]).toEqual([1, '', false])
    const gone = shell('mkdir gone; cd gone; rmdir ../gone; eval "$RETRACE $RUN"')
    expect([gone.status, gone.stderr]).toEqual([1, ''])
  })
})

// Other systems have a place of their own for it.
describe.skipIf(process.platform !== 'linux')('a home', { timeout: 60_000 }, () => {
  const none = { XDG_DATA_HOME: '', RETRACE_WORKSPACE: '', RETRACE_USER_FOLDER: '' }

  it('that is not named, or not wholly, is no folder below wherever a command runs', async () => {
    const home = folder()
    for (const around of [{ XDG_DATA_HOME: '' }, { XDG_DATA_HOME: 'here' }, { RETRACE_WORKSPACE: '' }]) {
      const cwd = folder()
      const { status, err } = await retraceIn({ cwd, env: { HOME: home, ...none, ...around } }, ...run, '--keep')
      expect([status, err, readdirSync(cwd)]).toEqual([1, '', []])
    }
    expect(existsSync(join(home, '.local', 'share', 'retrace', 'workspace'))).toBe(true)
  })

  it('that nobody has is an error with a code, where one is needed', async () => {
    const cwd = folder()
    const around = { cwd, env: { ...none, HOME: '' } }
    const { status, err } = await retraceIn(around, 'runs')
    expect([status, err]).toEqual([
      3,
      expect.stringMatching(/^error COMMAND_INVALID: This user has no home folder .*\n$/)
    ])
    expect((await retraceIn(around, ...run)).status).toBe(1)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('the app in the browser', { timeout: 60_000 }, () => {
  it('says in the terminal, too, when it cannot take MISP’s posts', async () => {
    const around = { ...env, RETRACE_CAPTURE_HOST: '0.0.0.0', RETRACE_CAPTURE_PORT: '0', RETRACE_CAPTURE_SECRET: '' }
    const child = spawn(process.execPath, [script, 'serve', '--no-open', '--workspace', 'ws'], {
      ...{ cwd: folder(), env: around, stdio: ['ignore', 'pipe', 'pipe'] }
    })
    const said = await new Promise<string>((resolve) => {
      let text = ''
      child.stderr!.on('data', (piece: Buffer) => {
        text += piece.toString()
        if (text.includes('\n')) resolve(text)
      })
    })
    child.kill()
    await once(child, 'exit')
    expect(said).toMatch(/^note MISP’s posts are not taken: .*set a secret first/)
  })
})

describe('an address that nobody can listen on', { timeout: 60_000 }, () => {
  it.each(['not a host', '192.0.2.1', '::2', 'nobody.invalid'])('%s is an error with a code', async (host) => {
    const cwd = folder()
    for (const command of [
      ['serve', '--no-open', '--port', '0'],
      ['listen', '--secret', 'a-long-random-word', '--port', '0']
    ]) {
      const { status, err } = await retraceIn({ cwd }, ...command, '--host', host, '--workspace', 'ws')
      expect([command[0], status, err.split('\n').at(-2)]).toEqual([
        command[0],
        3,
        expect.stringMatching(/^error COMMAND_INVALID: Nobody can listen on .* on this machine \(E\w+\)\.$/)
      ])
    }
  })
})
