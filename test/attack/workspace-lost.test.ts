// What happens to a workspace while it is open: moved, deleted, replaced, its lock removed or overwritten. Posts are answered 503 at once,
// every operation that writes is refused, and not one byte is written any more, neither where the folder was nor where it is.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OperationName } from '../../src/contract/operations.ts'
import type { Host } from '../../src/host/host.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { storedBodies } from './lock-processes.ts'

const { folder, open } = hosting()

/** Every file with its bytes; the lock apart, which its holder renews, and its socket. */
function filesOf(root: string, path = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(join(root, path))) {
    const at = join(path, name)
    if (statSync(join(root, at)).isDirectory()) Object.assign(found, { [`${at}/`]: '' }, filesOf(root, at))
    else if (!/^workspace\.(lock|sock)/.test(name)) found[at] = readFileSync(join(root, at), 'latin1')
  }
  return found
}

const event = { Event: { uuid: '5f0b1f9c-0000-4000-8000-000000000001', info: 'x', Attribute: [] } }
const workflow = JSON.parse(
  readFileSync(new URL('../../resources/workspaces/blocked-publish/workflows/demo-1/1.json', import.meta.url), 'utf8')
).workflow as unknown
const blueprint = { name: 'b.json', text: JSON.stringify({ WorkflowBlueprint: { name: 'x', data: [] } }) }

const writing: readonly (readonly [OperationName, unknown])[] = [
  ['workspace.set', { settings: { 'Plugin.Workflow_enable': true } }],
  ['workflows.save', { workflow }],
  ['workflows.delete', { workflowIds: ['kept'] }],
  ['drafts.save', { workflowId: 'kept', base: 1, workflow: {} }],
  ['drafts.discard', { workflowId: 'kept' }],
  ['blueprints.import', { files: [blueprint] }],
  ['blueprints.save', { name: 'x', nodes: [] }],
  ['data.import', { name: 'x.json', text: JSON.stringify(event) }],
  ['capture.configure', { enabled: true }],
  ['capture.import', { name: 'x.ndjson', text: '' }],
  ['storage.compact', {}],
  ['storage.setRules', { rules: null }]
]

interface Open {
  readonly host: Host
  readonly root: string
  readonly port: number
  readonly bodies: readonly string[]
}

async function openWithPosts(): Promise<Open> {
  const root = folder()
  writeFileSync(
    join(root, 'catalogue.json'),
    JSON.stringify({ version: 1, name: 'w', createdAt: '2024-01-01T00:00:00Z', settings: { capture: { port: 0 } } })
  )
  const host = await open(root, { listen: true, lock: { staleMs: 600 } })
  const { url } = await ask(host, 'capture.status', {})
  const port = Number(new URL(url!).port)
  const bodies = Array.from({ length: 5 }, (_, n) => JSON.stringify({ n }))
  for (const body of bodies) expect((await talk(port, request('/a/init', body))).status).toBe(200)
  // Until all five are accounted for on disk.
  const index = join(root, 'capture', 'runs.ndjson')
  while (!existsSync(index) || !readFileSync(index, 'utf8').includes('"through":5'))
    await new Promise((resolve) => setTimeout(resolve, 5))
  return { host, root, port, bodies }
}

interface Loss {
  readonly what: string
  readonly reason: string
  /** Answers where the posts are now; null when they were deleted. */
  readonly happen: (root: string) => string | null
  /** A folder stays where the workspace was. */
  readonly stays?: boolean
}

const lockOf = (root: string): string => join(root, 'workspace.lock')
const losses: readonly Loss[] = [
  {
    what: 'moved',
    reason: 'its folder was moved or deleted while it was open',
    happen(root) {
      renameSync(root, `${root}-elsewhere`)
      return `${root}-elsewhere`
    }
  },
  {
    what: 'deleted',
    reason: 'its folder was moved or deleted while it was open',
    happen(root) {
      rmSync(root, { recursive: true })
      return null
    }
  },
  {
    what: 'replaced by another',
    reason: 'its folder was replaced by another one',
    stays: true,
    happen(root) {
      cpSync(root, `${root}-copy`, { recursive: true, filter: (path) => !path.endsWith('.sock') })
      renameSync(root, `${root}-elsewhere`)
      renameSync(`${root}-copy`, root)
      return `${root}-elsewhere`
    }
  },
  {
    what: 'robbed of its lock',
    reason: 'its workspace.lock was removed',
    stays: true,
    happen(root) {
      rmSync(lockOf(root))
      return root
    }
  },
  {
    what: 'left with garbage as its lock',
    reason: 'its workspace.lock was overwritten',
    stays: true,
    happen(root) {
      writeFileSync(lockOf(root), 'garbage')
      return root
    }
  },
  {
    what: 'given the lock of somebody else',
    reason: 'process 7 on elsewhere took it over',
    stays: true,
    happen(root) {
      writeFileSync(`${root}.new`, JSON.stringify({ version: 1, pid: 7, host: 'elsewhere', nonce: 'n' }))
      renameSync(`${root}.new`, lockOf(root))
      return root
    }
  },
  {
    what: 'left without the segment that is written',
    reason: '000001.seg was moved or deleted while it was open',
    stays: true,
    happen(root) {
      renameSync(join(root, 'capture', '000001.seg'), join(root, 'capture', 'kept-by-hand'))
      return null
    }
  },
  {
    what: 'left with another capture folder',
    reason: '000001.seg was moved or deleted while it was open',
    stays: true,
    happen(root) {
      renameSync(join(root, 'capture'), join(root, 'capture-before'))
      cpSync(join(root, 'capture-before'), join(root, 'capture'), { recursive: true })
      return root
    }
  }
]

describe('a workspace that while it is open is', () => {
  for (const { what, reason, happen, stays } of losses)
    it(`${what}: takes no post and writes nothing`, async () => {
      const { host, root, port, bodies } = await openWithPosts()
      const options = { workflow: { json: workflow }, data: { json: event }, mode: 'paused' } as never
      const { runId } = await ask(host, 'run.start', options)
      const large = Buffer.alloc(5_000_000, 'x')
      const now = happen(root)
      const before = [root, now].map((at) => (at !== null && existsSync(at) ? filesOf(at) : null))
      for (const body of ['{"n":6}', large, '{"n":7}']) {
        const { status, error } = await talk(port, request('/a/exec', body))
        expect({ status, error }).toEqual({ status: 503, error: null })
      }
      for (const [name, params] of writing) {
        const answer = await host.call(name, params)
        expect([name, answer.ok ? 'ok' : answer.error.code]).toEqual([name, 'WORKSPACE_READ_ONLY'])
      }
      await ask(host, 'run.step', { runId, command: 'continue' })
      const info = await ask(host, 'workspace.info', {})
      expect(info).toMatchObject({ writable: false, readOnly: reason })
      expect(await ask(host, 'capture.status', {})).toMatchObject({ state: 'failed', message: /503/ })
      await host.close()
      expect(existsSync(root)).toBe(stays === true)
      expect([root, now].map((at) => (at !== null && existsSync(at) ? filesOf(at) : null))).toEqual(before)
      if (now === null) return
      const found = await storedBodies(now)
      expect(bodies.filter((body) => found.get(body) !== 1)).toEqual([])
    })
})
