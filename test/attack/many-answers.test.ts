// A MISP, or who answers in its place, may send hundreds of answers, each as large as one may be, and whatever it likes in them.
import { readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { serviceGuard } from '../../src/host/ports/guard.ts'
import { performHttp } from '../../src/host/ports/http.ts'
import { AnswerSpool } from '../../src/host/takeover/spool.ts'
import { idsOf } from '../../src/host/takeover/fetch.ts'
import { WorldStore } from '../../src/host/world/world-store.ts'
import { Uploads } from '../../src/host/uploads.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { scale } from './scale.ts'
import { isUnix } from './unix.ts'

const { open, folder, later } = hosting()
const count = scale(20, 200, 500)
// More than 400 MB together would be refused.
const bytes = scale(20_000, 700_000)

/** Answers by path; `look` is called before each. */
async function misp(answers: (path: string) => string, look: () => void = () => undefined): Promise<string> {
  const server = createServer((request, response) => {
    look()
    response.end(answers(request.url ?? ''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  later(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const list = (ids: readonly unknown[]): string =>
  JSON.stringify({ Warninglists: ids.map((id) => ({ Warninglist: { id } })) })
const warninglist = (path: string): string => {
  const id = /view\/(.*)\.json/.exec(path)?.[1] ?? ''
  return JSON.stringify({
    Warninglist: { id, name: `list ${id}`, type: 'string', enabled: true, text: 'x'.repeat(bytes) }
  })
}
const uploadsOf = (host: Host): readonly string[] => {
  const dir = join(host.workspace.folder, '.uploads')
  try {
    return readdirSync(dir).map((name) => join(dir, name))
  } catch {
    return []
  }
}
const fetchLists = (host: Host, address: string, what = [{ kind: 'warninglists' }]) =>
  ask(host, 'takeover.fetch', { address, key: 'KEY', what })

describe('answers of a MISP', () => {
  it(
    'wait in files, for the user alone, and none is left',
    async () => {
      const host = await open()
      const waiting: number[] = []
      const address = await misp(
        (path) => (path.includes('index') ? list(Array.from({ length: count }, (_, i) => i + 1)) : warninglist(path)),
        () => {
          const files = uploadsOf(host)
          waiting.push(files.length)
          if (isUnix) for (const file of files) expect(statSync(file).mode & 0o077).toBe(0)
        }
      )
      const merges = vi.spyOn(WorldStore.prototype, 'merge')
      expect(await fetchLists(host, address)).toHaveLength(count)
      // Once for what is in memory together, not for each list: that would grow with the square of their number.
      expect(merges.mock.calls.length).toBeLessThanOrEqual(1 + (2 * count * bytes) / (64 * 1024 * 1024))
      vi.restoreAllMocks()
      expect(waiting.at(-1)).toBe(count - 1)
      expect(uploadsOf(host)).toEqual([])
    },
    scale(30_000, 600_000)
  )

  it('are refused where the world could not be read again, which stays as it was', async () => {
    const dir = folder()
    const world = new WorldStore(dir, 1000)
    await world.merge('tags', [{ id: '1', name: 'x'.repeat(500) }])
    await expect(world.merge('tags', [{ id: '2', name: 'y'.repeat(600) }])).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringContaining('tags') as string
    })
    expect((await world.rows('tags')).map((row) => (row as { readonly id: string }).id)).toEqual(['1'])
    expect(readdirSync(dir)).toEqual(['tags.json'])
  })

  it('have a bound together, and leave nothing behind where they reach it', async () => {
    const dir = folder()
    const spool = new AnswerSpool(new Uploads(() => dir), 1000)
    await spool.add('x'.repeat(600), 'one')
    await expect(spool.add('x'.repeat(600), 'two')).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringMatching(/^two: .* 1000 bytes/) as string
    })
    await spool.close()
    expect(readdirSync(dir)).toEqual([])
  })

  it('are inflated beside the thread that takes posts, and no further than one may be', async () => {
    const [fits, bomb] = [gzipSync(Buffer.alloc(30_000_000, 32)), gzipSync(Buffer.alloc(scale(68, 500) * 1_000_000))]
    let sent = fits
    const server = createServer((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(sent)
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    later(() => void server.close())
    const { port } = server.address() as AddressInfo
    const effect = { kind: 'http', method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [], body: '' } as const
    const options = { guard: serviceGuard('127.0.0.1'), timeoutSeconds: 60 }
    // The first one loads what is needed for it.
    await performHttp(effect, options)
    let [turns, isOver] = [0, false]
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const answer = await performHttp(effect, options)
    isOver = true
    expect('body' in answer && answer.body.length).toBe(30_000_000)
    // While it is inflated the thread goes round by itself; otherwise it does so only for each piece that arrives.
    expect(turns).toBeGreaterThan(50)
    sent = bomb
    expect(await performHttp(effect, options)).toMatchObject({ failure: 'refused' })
  })

  it('have ids that are texts or numbers, or none', () => {
    const strange = [{ toString: 1, valueOf: 1 }, [[['1']]], true, null]
    expect(idsOf(strange.map((id) => ({ id })) as never)).toEqual([])
    expect(idsOf([{ id: 'x'.repeat(1000) }, { Tag: { id: 7 } }])).toEqual(['x'.repeat(100), '7'])
  })

  it('are asked for within the address, whatever their ids are', async () => {
    const host = await open()
    const paths: string[] = []
    const address = await misp((path) => {
      paths.push(path)
      return path.includes('index')
        ? list(['../../users/delete/1', '$&', '?x=1', '#', 'a\r\nHost: b', '..', '%2e%2e', '//evil.example'])
        : warninglist(path)
    })
    expect(await fetchLists(host, address)).toHaveLength(8)
    await fetchLists(host, address, [{ kind: 'warninglists', id: '\ud800' } as never])
    for (const path of paths.slice(1)) expect(path).toMatch(/^\/warninglists\/view\/[^/?#\s]+\.json$/)
  })

  it('that cannot be read are told, and the others are kept', async () => {
    const host = await open()
    const wrong: Readonly<Record<string, string>> = {
      '/tags/index.json': '<html>Please log in</html>',
      '/roles/index.json': '['.repeat(20_000),
      '/users/index.json': '\0'
    }
    const address = await misp((path) => wrong[path] ?? (path.includes('index') ? list([1]) : warninglist(path)))
    const what = [{ kind: 'tags' }, { kind: 'roles' }, { kind: 'warninglists' }]
    const taken = await fetchLists(host, address, what)
    expect(taken.map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      'tags nothing',
      'roles nothing',
      'warninglists world'
    ])
    expect(uploadsOf(host)).toEqual([])
    await expect(fetchLists(host, address, [{ kind: 'tags' }])).rejects.toThrow('INPUT_NOT_JSON')
  })
})
