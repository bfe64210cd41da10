// kill -9 at random moments while posts arrive, with small segments and bodies in files of their own: every acknowledged post is there afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journal } from '../../src/host/capture/journal/journal.ts'
import { PostReader } from '../../src/host/capture/journal/segments-reader.ts'
import { random } from '../unit/host/capture/interleave.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { repeat } from './scale.ts'
import { isUnix } from './unix.ts'

const kills = repeat(3, 100)
let dir: string
let child: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'retrace-kill-'))
  child = join(dir, 'child.mjs')
  await build({
    configFile: false,
    logLevel: 'error',
    // Packages too: where it is started there are none.
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('listener-child.ts', import.meta.url)),
      target: 'node20.19',
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'child.mjs' } }
    }
  })
})
afterAll(() => rmSync(dir, { recursive: true }))

async function startChild(folder: string, shell = '') {
  const process_ =
    shell === ''
      ? spawn(process.execPath, [child, folder])
      : spawn('bash', ['-c', `${shell}; exec "${process.execPath}" "${child}" "${folder}"`])
  let errors = ''
  process_.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const ended = once(process_, 'exit').then(() => {
    throw new Error(`the listener ended: ${errors.slice(0, 1000)}`)
  })
  const [line] = (await Promise.race([once(process_.stdout, 'data'), ended])) as [Buffer]
  ended.catch(() => undefined)
  return { process_, ...(JSON.parse(line.toString()) as { port: number; problems: string[] }) }
}

describe('a killed listener', () => {
  it(`keeps every acknowledged post through ${kills} kills`, async () => {
    const next = random(7)
    const folder = join(dir, 'capture')
    const acknowledged = new Set<string>()
    let number = 0
    for (let kill = 0; kill < kills; kill++) {
      const { process_, port } = await startChild(folder)
      let alive = true
      let isHeard: () => void = () => undefined
      const heard = new Promise<void>((resolve) => (isHeard = resolve))
      const senders = Array.from({ length: 6 }, async () => {
        while (alive) {
          const body = `{"n":${++number},"pad":"${'x'.repeat(Math.floor(next() ** 6 * 400_000))}"}`
          if ((await talk(port, request('/event-publish/exec/webhook', body))).status !== 200) continue
          acknowledged.add(body)
          isHeard()
        }
      })
      // However slow the machine is, it is killed in the midst of its work.
      await heard
      await new Promise((resolve) => setTimeout(resolve, 30 + next() * 250))
      process_.kill('SIGKILL')
      await once(process_, 'exit')
      alive = false
      await Promise.all(senders)
    }
    const { journal } = await Journal.open(folder)
    await journal.close()
    const reader = new PostReader(folder)
    const found = new Map<string, number>()
    const seqs: number[] = []
    for await (const { seq } of reader.places()) {
      const body = (await reader.read(seq))!.body.toString()
      found.set(body, (found.get(body) ?? 0) + 1)
      seqs.push(seq)
    }
    await reader.close()
    expect(acknowledged.size).toBeGreaterThanOrEqual(kills)
    expect([...acknowledged].filter((body) => !found.has(body))).toEqual([])
    expect([...found.values()].every((count) => count === 1)).toBe(true)
    expect(new Set(seqs).size).toBe(seqs.length)
    const torn = readdirSync(folder).filter((name) => name.includes('.torn'))
    console.log(
      `${kills} kills: ${acknowledged.size} posts acknowledged, ${found.size} found, ${torn.length} torn tails set aside`
    )
  }, 600_000)

  // A file size limit makes write() fail as a full disk does.
  it.skipIf(!isUnix || spawnSync('bash', ['-c', 'ulimit -f 200']).status !== 0)(
    'answers 507 while the disk is full and goes on afterwards',
    async () => {
      const folder = join(dir, 'full')
      const { process_, port } = await startChild(folder, 'ulimit -f 100')
      const statuses: number[] = []
      for (let i = 0; i < 12; i++)
        statuses.push((await talk(port, request('/a/init', `${i}`.padEnd(20_000, 'x')))).status)
      const large = await talk(port, request('/a/init', 'x'.repeat(500_000)))
      expect({ status: large.status, error: large.error }).toEqual({ status: 507, error: null })
      expect((await talk(port, request('/', '', [], 'GET'))).status).toBe(200)
      process_.kill('SIGTERM')
      await once(process_, 'exit')
      expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 200])
      expect(statuses).toContain(507)
      expect(statuses.every((status) => status === 200 || status === 507)).toBe(true)
      const reader = new PostReader(folder)
      expect(await reader.count()).toBe(statuses.filter((status) => status === 200).length)
      await reader.close()
    },
    30_000
  )
})
