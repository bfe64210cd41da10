// Working on a workspace through the process that holds it: commands print the same as without it, whoever is at the socket's place is left
// alone, what is no message costs the connection, and a holder that goes away is told.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { blueprintsCommand } from '../../src/cli/blueprints.ts'
import { exportCommand } from '../../src/cli/capture-export.ts'
import { importCommand } from '../../src/cli/capture-import.ts'
import { listenCommand } from '../../src/cli/capture-listen.ts'
import { runsCommand } from '../../src/cli/capture-runs.ts'
import { showCommand } from '../../src/cli/capture-show.ts'
import { postLine } from '../../src/cli/posts.ts'
import type { Command } from '../../src/cli/context.ts'
import { connectHost } from '../../src/host/holder/connect-host.ts'
import { readRunFile } from '../../src/host/runs/run-file.ts'
import { isTrusted } from '../../src/host/holder/socket-place.ts'
import { ownIdentity } from '../../src/host/ports/processes.ts'
import { encodeLock, readLock } from '../../src/host/store/lock-file.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { start } from './killed.ts'
import { repeat, scale, seeded } from './scale.ts'

const { folder, open, later } = hosting()
const commands = {
  blueprints: blueprintsCommand,
  export: exportCommand,
  import: importCommand,
  listen: listenCommand,
  runs: runsCommand,
  show: showCommand
}

async function retrace(line: string, root: string): Promise<{ status: number | string; out: string; err: string }> {
  const [name, ...args] = line.replaceAll('@', root).split(' ') as [keyof typeof commands, ...string[]]
  const [out, err]: [string[], string[]] = [[], []]
  const context = {
    ...{ args, root: '.', version: '0', usage: name, color: false },
    print: (text: string) => void out.push(text),
    complain: (text: string) => void err.push(text)
  }
  const status = await (commands[name] as Command)(context).catch((error: { code: string }) => error.code)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

/** A folder with posts of a blocked run and, in `ws`, a workspace that has them and a local run. */
async function prepared(): Promise<string> {
  const root = folder()
  const source = await open(join(root, 'ws'))
  const { runId } = await ask(source, 'run.start', {
    workflow: { json: guard },
    data: { json: eventOf(1, ['tlp:red']) }
  })
  while (source.workspace.runs.get(runId)?.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const { events } = await readRunFile(source.workspace.runFile(runId))
  const stored = events.filter(({ type }) => type === 'post').map((event) => postLine(event, Date.UTC(2024, 1, 1)))
  writeFileSync(join(root, 'posts.ndjson'), stored.join('\n'))
  writeFileSync(
    join(root, 'blueprint.json'),
    JSON.stringify({
      WorkflowBlueprint: {
        uuid: '0f3b7c1e-58a4-4b52-9d0e-6a1f2c3d4e51',
        name: 'One',
        description: '',
        timestamp: '100',
        data: []
      }
    })
  )
  writeFileSync(join(root, 'workflow.json'), JSON.stringify(guard))
  writeFileSync(join(root, 'garbage.ndjson'), 'garbage\n')
  await source.close()
  writeFileSync(join(root, 'local'), runId)
  return root
}

const lines = (local: string): readonly string[] => [
  'import @/posts.ndjson --workspace @/ws --json',
  'import @/posts.ndjson --workspace @/ws --graph @/workflow.json',
  'import @/garbage.ndjson --workspace @/ws',
  'runs --workspace @/ws --json',
  'runs --workspace @/ws',
  'show c-1 --workspace @/ws',
  'show c-1 --workspace @/ws --json',
  'show c-1 --workspace @/ws --step 1 --json',
  'show c-1 --workspace @/ws --step 99',
  `show ${local} --workspace @/ws`,
  `show ${local} --workspace @/ws --json --secrets`,
  'show nothing --workspace @/ws',
  'export c-1 --workspace @/ws',
  'export c-1 --workspace @/ws --posts',
  'export c-1 --workspace @/ws --workflow --secrets',
  'export nothing --workspace @/ws',
  'blueprints @/blueprint.json --workspace @/ws --json',
  'blueprints @/blueprint.json --workspace @/ws',
  'blueprints --workspace @/ws --json'
]

describe('a command on a workspace that another process holds', () => {
  it('prints and exits as it does alone', async () => {
    const root = await prepared()
    const other = `${root}-held`
    cpSync(root, other, { recursive: true })
    later(() => rmSync(other, { recursive: true }))
    const holder = await open(join(other, 'ws'))
    let printed = 0
    for (const line of lines(readFileSync(join(root, 'local'), 'utf8'))) {
      const alone = await retrace(line, root)
      const held = await retrace(line, other)
      expect([line, held]).toEqual([line, JSON.parse(JSON.stringify(alone).replaceAll(root, other))])
      printed += alone.out.length
    }
    expect(printed).toBeGreaterThan(3000)
    expect((await ask(holder, 'runs.rows', {})).runs.length).toBeGreaterThan(1)
  })

  it('is refused with the holder’s name where it would listen: the holder takes the posts', async () => {
    const root = await prepared()
    await open(join(root, 'ws'))
    const { status } = await retrace('listen --port 0 --workspace @/ws', root)
    expect(status).toBe('WORKSPACE_READ_ONLY')
  })

  it('waits for its turn when two begin at once', async () => {
    const root = await prepared()
    const count = scale(4, 40)
    const all = await Promise.all(
      Array.from({ length: count }, () => retrace('import @/posts.ndjson --workspace @/ws --json', root))
    )
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 0))
    const { out } = await retrace('runs --workspace @/ws --json', root)
    const runs = JSON.parse(out) as { posts: number }[]
    const posts = readFileSync(join(root, 'posts.ndjson'), 'utf8').split('\n').length
    expect(runs.reduce((sum, run) => sum + run.posts, 0)).toBe(count * posts)
    expect(existsSync(join(root, 'ws', 'workspace.sock'))).toBe(false)
  })

  it.each([true, false])('does not wait without end for a holder that stands still; looks: %s', async (looks) => {
    const root = folder()
    const path = join(root, 'workspace.sock')
    let connections = 0
    const server: Server = createServer((socket) => {
      connections++
      later(() => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    later(() => server.close())
    chmodSync(path, 0o600)
    const lock = { version: 1, ...ownIdentity(), nonce: 'n', beat: 1, socket: path } as const
    writeFileSync(join(root, 'workspace.lock'), encodeLock(lock))
    const options = { lock: { wait: false } }
    const host = await connectHost(root, { version: '0', patienceMs: 200, looks, host: options })
    expect([connections > 0, host.isElsewhere]).toEqual([true, false])
    expect(await host.ask('workspace.info', {})).toMatchObject({ writable: false })
    expect(await host.ask('runs.list', {})).toMatchObject({ runs: [] })
    await host.close()
    expect(readFileSync(join(root, 'workspace.lock'), 'utf8')).toBe(encodeLock(lock))
  })

  it('is told HOST_LOST when the holder goes away within a call', async () => {
    const root = folder()
    const path = join(root, 'workspace.sock')
    // It answers the first question, which asks whether it is there.
    const server: Server = createServer((socket) =>
      socket.once('data', (chunk: Buffer) => {
        const { i: id } = JSON.parse(chunk.toString()) as { readonly i: string }
        socket.write(`${JSON.stringify({ t: 's', i: id, r: { ok: true, data: {} } })}\n`)
        socket.once('data', () => socket.destroy())
      })
    )
    await new Promise<void>((resolve) => server.listen(path, resolve))
    later(() => server.close())
    chmodSync(path, 0o600)
    const lock = { version: 1, ...ownIdentity(), nonce: 'n', beat: 1, socket: path } as const
    writeFileSync(join(root, 'workspace.lock'), encodeLock(lock))
    const host = await connectHost(root, { version: '0' })
    expect(host.isElsewhere).toBe(true)
    await expect(host.ask('workspace.info', {})).rejects.toMatchObject({ code: 'HOST_LOST' })
    await expect(host.ask('workspace.info', {})).rejects.toMatchObject({ code: 'HOST_LOST' })
    await host.close()
  })
})

const socketOf = (root: string): string | null => {
  const found = readLock(join(root, 'workspace.lock'))
  return found.kind === 'file' ? (found.lock?.socket ?? null) : null
}

describe.skipIf(process.platform === 'win32')('the socket of a holder', () => {
  it('is for its user alone, and goes with the holder', async () => {
    const root = folder()
    const host = await open(root)
    expect(socketOf(root)).toBe(join(root, 'workspace.sock'))
    expect(statSync(join(root, 'workspace.sock')).mode & 0o777).toBe(0o600)
    await host.close()
    expect(existsSync(join(root, 'workspace.sock'))).toBe(false)
  })

  it('is in a folder of the user’s own when its path would be too long', async () => {
    const root = join(folder(), 'x'.repeat(80))
    await open(root)
    const path = socketOf(root)!
    expect(path.startsWith(root)).toBe(false)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    const host = await connectHost(root, { version: '0' })
    expect(host.isElsewhere).toBe(true)
    expect(await host.ask('workspace.info', {})).toMatchObject({ folder: root, writable: true })
    await host.close()
  })

  it('takes the place of one that a killed holder left', async () => {
    const root = folder()
    const path = join(root, 'workspace.sock')
    const child = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)},()=>console.log(1))`
    ])
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(lstatSync(path).isSocket()).toBe(true)
    await open(root)
    const host = await connectHost(root, { version: '0' })
    expect(host.isElsewhere).toBe(true)
    await host.close()
  })

  it('leaves what is no socket as it is, and does not follow a link', async () => {
    for (const put of [
      (path: string) => writeFileSync(path, 'mine'),
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync('/nowhere/at/all', path),
      (path: string) => symlinkSync('/etc/passwd', path)
    ]) {
      const root = folder()
      const path = join(root, 'workspace.sock')
      put(path)
      const { ino, mode } = lstatSync(path)
      const host = await open(root)
      expect(socketOf(root)).not.toBe(path)
      const other = await connectHost(root, { version: '0' })
      expect(other.isElsewhere).toBe(true)
      await other.close()
      await host.close()
      expect(lstatSync(path)).toMatchObject({ ino, mode })
    }
  })

  it('is trusted only where Retrace makes it, and when it is the user’s own', async () => {
    const root = folder()
    const beside = join(root, 'workspace.sock')
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(beside, resolve))
    later(() => server.close())
    chmodSync(beside, 0o666)
    expect(isTrusted(root, beside)).toBe(false)
    chmodSync(beside, 0o600)
    expect(isTrusted(root, beside)).toBe(true)
    symlinkSync(beside, join(root, 'link'))
    for (const path of [join(root, 'link'), '/run/docker.sock', '', 'workspace.sock', root])
      expect([path, isTrusted(root, path)]).toEqual([path, false])
  })

  it('ends the connection of who sends what is no message, and nobody else’s', async () => {
    const root = folder()
    await open(root)
    const host = await connectHost(root, { version: '0' })
    const seed = 12
    const next = seeded(seed)
    const bad = [
      'garbage',
      'null',
      '[]',
      '{}',
      '{"t":"q","m":"close","i":"1","a":[]}',
      '{"t":"q","m":"call","i":"1","a":[1,2]}'
    ]
    for (let i = 0; i < repeat(30, 3000); i++) {
      const bytes =
        i < bad.length
          ? Buffer.from(`${bad[i]}\n`)
          : Buffer.from([...Array.from({ length: 1 + Math.floor(next() * 200) }, () => Math.floor(next() * 256)), 10])
      const socket = connect(socketOf(root)!)
      socket.on('error', () => undefined)
      socket.write(bytes)
      socket.resume()
      await once(socket, 'close')
    }
    expect(await host.ask('workspace.info', {})).toMatchObject({ writable: true })
    await host.close()
  })

  it('gives no page a way to files of this machine', async () => {
    const host = await open()
    expect(await host.call('holder.upload', { file: '/etc/passwd' })).toMatchObject({
      error: { code: 'OPERATION_UNKNOWN' }
    })
  })
})

describe('real processes', () => {
  beforeAll(() => void builtWorker())

  it('work through one that listens, and take over from it when it was killed', async () => {
    const root = await prepared()
    const script = fileURLToPath(new URL('../../scripts/retrace.mjs', import.meta.url))
    const env = { ...process.env, NO_COLOR: '1', RETRACE_NO_BUILD: '1' }
    const run = (...args: string[]): Promise<{ status: number; out: string; err: string }> =>
      new Promise((resolve) => {
        execFile(process.execPath, [script, ...args], { env, cwd: root }, (error, out, err) =>
          resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err })
        )
      })
    const listener = await start(['listen', '--port', '0', '--workspace', 'ws'], /^listening /, root)
    const imported = await run('import', 'posts.ndjson', '--workspace', 'ws', '--json')
    expect(imported).toMatchObject({ status: 0, err: '' })
    expect(await run('listen', '--port', '0', '--workspace', 'ws')).toMatchObject({
      status: 3,
      err: expect.stringContaining(`process ${listener.pid} on`)
    })
    const listed = await run('runs', '--workspace', 'ws', '--json')
    await listener.kill()
    expect(await run('runs', '--workspace', 'ws', '--json')).toEqual(listed)
  }, 60_000)
})
