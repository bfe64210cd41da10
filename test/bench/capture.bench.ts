// How fast the listener takes posts, beside two baselines in the same run: a bare node:http server that discards bodies,
// and a plain sequential append of the same bytes to the same folder. Prints ratios; nothing here fails a build.
// `node scripts/…` builds it; by hand: `node test/bench/capture.bench.mjs [--quick]`.
import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Listener } from '../../src/host/capture/listen/listener.ts'
import { Journal } from '../../src/host/capture/journal/journal.ts'
import { segmentName } from '../../src/host/capture/journal/segments-recovery.ts'
import { readRecordBody, scanSegment } from '../../src/host/capture/journal/segments.ts'

const self = fileURLToPath(import.meta.url)
const quick = process.argv.includes('--quick')

interface Load {
  readonly bytes: number
  readonly count: number
  readonly concurrency: number
}
interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly failed: number
}

const bodyOf = (bytes: number, i: number): Buffer => {
  const body = Buffer.alloc(bytes, '{"data":{"Event":{"info":"some text that repeats"}}} ')
  body.write(`{"n":${String(i).padStart(10, '0')},`, 0)
  return body
}

/** One post on a connection of its own; resolves with milliseconds from connect to the closed socket. */
function post(port: number, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now()
    let answer = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(
        'POST /event-publish/exec/push-zmq?result=success HTTP/1.1\r\nHost: 127.0.0.1:27051\r\nConnection: close\r\nUser-Agent: CakePHP\r\n' +
          `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`
      )
      socket.write(body)
    })
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', () => resolve(-1))
    socket.on('close', () => resolve(answer.startsWith('HTTP/1.1 200') ? performance.now() - start : -1))
  })
}

async function client(port: number, { bytes, count, concurrency }: Load): Promise<Measured> {
  const times: number[] = []
  let next = 0
  const body = bodyOf(bytes, 0)
  const start = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < count) {
        next++
        times.push(await post(port, body))
      }
    })
  )
  const seconds = (performance.now() - start) / 1000
  const good = times.filter((time) => time >= 0).sort((a, b) => a - b)
  const at = (share: number): number => good[Math.min(good.length - 1, Math.floor(good.length * share))] ?? 0
  return { perSecond: good.length / seconds, p50: at(0.5), p99: at(0.99), failed: times.length - good.length }
}

async function bareServer(): Promise<number> {
  const server = createServer((request, response) => {
    request.on('data', () => undefined)
    request.on('end', () => {
      response.setHeader('Connection', 'close')
      response.end('ok')
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

let peak = 0
async function retraceServer(dir: string): Promise<number> {
  const { journal } = await Journal.open(dir)
  const listener = await Listener.start(journal, { port: 0 })
  setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
  return listener.address.port
}

async function appendBaseline(dir: string, { bytes, count }: Load): Promise<number> {
  const file = await open(join(dir, 'plain'), 'w')
  const body = bodyOf(bytes, 0)
  const start = performance.now()
  for (let i = 0; i < count; i++) await file.write(body)
  const seconds = (performance.now() - start) / 1000
  await file.close()
  await rm(join(dir, 'plain'))
  return count / seconds
}

type Ask = { readonly role: 'bare' } | { readonly role: 'retrace'; readonly dir: string } | { readonly role: 'memory' }

async function child(ask: object): Promise<{ process: ChildProcess; reply: unknown }> {
  const process = fork(self, ['--role'], { stdio: 'inherit' })
  process.send(ask)
  const [reply] = (await once(process, 'message')) as [unknown]
  return { process, reply }
}
const askAgain = async (to: ChildProcess, ask: object): Promise<unknown> => {
  to.send(ask)
  return ((await once(to, 'message')) as [unknown])[0]
}
async function load(port: number, load: Load): Promise<Measured> {
  const { process, reply } = await child({ role: 'client', port, load })
  process.kill()
  return reply as Measured
}

async function inRole(): Promise<void> {
  process.on('message', (ask: Ask | { role: 'client'; port: number; load: Load }) => {
    const reply = async (): Promise<unknown> => {
      if (ask.role === 'bare') return bareServer()
      if (ask.role === 'retrace') return retraceServer(ask.dir)
      if (ask.role === 'memory') {
        const was = peak
        peak = process.memoryUsage().rss
        return { peak: was, now: peak }
      }
      return client(ask.port, ask.load)
    }
    void reply().then((answer) => process.send!(answer as object))
  })
}

/** Counts the stored posts and hashes their bodies. */
async function stored(dir: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const name of (await readdir(dir)).filter((n) => n.endsWith('.seg'))) {
    const { records } = await scanSegment(join(dir, segmentName(Number.parseInt(name, 10))))
    const file = await open(join(dir, name))
    for (const record of records) {
      const hash = createHash('sha256')
      if (!record.external) hash.update(await readRecordBody(file, record))
      const key = hash.digest('hex')
      found.set(key, (found.get(key) ?? 0) + 1)
    }
    await file.close()
  }
  return found
}

const ms = (value: number): string => `${value.toFixed(1)} ms`

async function compare(title: string, wanted: Load, bare: number, dir: string): Promise<void> {
  const folder = await mkdtemp(join(dir, 'capture-'))
  const { process: server, reply: port } = await child({ role: 'retrace', dir: folder })
  const runs: { bare: Measured; ours: Measured }[] = []
  // Alternating, warm: the machine's mood of the moment weighs on both.
  await load(bare, { ...wanted, count: Math.ceil(wanted.count / 4) })
  const warm = await load(port as number, { ...wanted, count: Math.ceil(wanted.count / 4) })
  for (let i = 0; i < (quick ? 1 : 3); i++)
    runs.push({ bare: await load(bare, wanted), ours: await load(port as number, wanted) })
  const append = await appendBaseline(folder, wanted)
  server.kill()
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  const bareRate = median(runs.map((run) => run.bare.perSecond))
  const ourRate = median(runs.map((run) => run.ours.perSecond))
  const p99 = [median(runs.map((run) => run.ours.p99)), median(runs.map((run) => run.bare.p99))] as const
  const sent = Math.ceil(wanted.count / 4) + runs.length * wanted.count
  const failed = warm.failed + runs.reduce((sum, run) => sum + run.ours.failed, 0)
  const hash = createHash('sha256').update(bodyOf(wanted.bytes, 0)).digest('hex')
  const kept = (await stored(folder)).get(hash) ?? 0
  console.log(
    `${title}: ${ourRate.toFixed(0)}/s; bare http ${bareRate.toFixed(0)}/s, append ${append.toFixed(0)}/s; ratio to the slower ` +
      `${(ourRate / Math.min(bareRate, append)).toFixed(2)} (goal 0.70); p99 ${ms(p99[0])} against ${ms(p99[1])}, ratio ` +
      `${(p99[0] / p99[1]).toFixed(2)} (goal below 2); sent ${sent}, refused ${failed}, kept with equal hash ${kept}`
  )
  await rm(folder, { recursive: true })
}

async function largeBody(dir: string): Promise<void> {
  const folder = await mkdtemp(join(dir, 'capture-'))
  const { process: server, reply: port } = await child({ role: 'retrace', dir: folder })
  await load(port as number, { bytes: 1 << 20, count: 50, concurrency: 4 })
  const before = ((await askAgain(server, { role: 'memory' })) as { now: number }).now
  const sent = await load(port as number, { bytes: 200 * 1024 * 1024, count: 1, concurrency: 1 })
  const { peak: most } = (await askAgain(server, { role: 'memory' })) as { peak: number }
  server.kill()
  const bodies = join(folder, 'bodies')
  const sizes = await Promise.all((await readdir(bodies)).map(async (name) => (await stat(join(bodies, name))).size))
  console.log(
    `200 MB body: taken in ${ms(sent.p50)}, refused ${sent.failed}, memory growth ${((most - before) / 1048576).toFixed(1)} MB (goal below 64), ` +
      `bytes kept ${sizes.join(' ')}`
  )
  await rm(folder, { recursive: true })
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(process.env['BENCH_DIR'] ?? tmpdir(), 'retrace-bench-'))
  const bare = await child({ role: 'bare' })
  const port = bare.reply as number
  const n = quick ? 0.2 : 1
  try {
    await compare('10 KB, 16 at once', { bytes: 10_240, count: 8000 * n, concurrency: 16 }, port, dir)
    await compare('10 KB, 200 at once', { bytes: 10_240, count: 8000 * n, concurrency: 200 }, port, dir)
    await compare('1 MB, 16 at once', { bytes: 1_048_576, count: 1000 * n, concurrency: 16 }, port, dir)
    await largeBody(dir)
  } finally {
    bare.process.kill()
    await rm(dir, { recursive: true, force: true })
  }
}

if (process.argv.includes('--role')) await inRole()
else await main()
