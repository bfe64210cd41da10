// Real processes that hold a workspace, and posts that are sent to them.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { PostReader } from '../../src/host/capture/journal/segments-reader.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'

export interface HolderOptions {
  readonly staleMs?: number
  /** How long it takes to end. */
  readonly closeMs?: number
}

export interface Holder {
  readonly process: ChildProcess
  readonly port: number
  readonly writable: boolean
  readonly readOnly: string | null
}

/** The holder's program, built once, and what has to be cleaned up after it. */
export async function buildHolder() {
  const dir = mkdtempSync(join(tmpdir(), 'retrace-lock-'))
  const started: ChildProcess[] = []
  await build({
    configFile: false,
    logLevel: 'error',
    // The program stands alone in a temporary folder.
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('lock-child.ts', import.meta.url)),
      target: 'node20.19',
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'child.mjs' } }
    }
  })
  return {
    dir,
    async start(folder: string, { staleMs = 60_000, closeMs = 0 }: HolderOptions = {}): Promise<Holder> {
      const child = spawn(process.execPath, [join(dir, 'child.mjs'), folder, String(staleMs), String(closeMs)], {
        stdio: ['ignore', 'pipe', 'inherit']
      })
      started.push(child)
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      return { process: child, ...(JSON.parse(line.toString()) as Omit<Holder, 'process'>) }
    },
    async end(): Promise<void> {
      for (const child of started) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(dir, { recursive: true })
    }
  }
}

/** Posts bodies one after another. Answers the statuses; what was acknowledged is noted. */
export function sender(acknowledged: Set<string>) {
  let number = 0
  return async (port: number, count: number): Promise<number[]> => {
    const statuses: number[] = []
    for (let i = 0; i < count; i++) {
      const body = JSON.stringify({ n: ++number, pad: 'x'.repeat(300) })
      const { status } = await talk(port, request('/event-publish/exec/webhook', body))
      if (status === 200) acknowledged.add(body)
      statuses.push(status ?? 0)
    }
    return statuses
  }
}

/** How often each body is in a workspace's posts. */
export async function storedBodies(folder: string): Promise<Map<string, number>> {
  const reader = new PostReader(join(folder, 'capture'))
  const found = new Map<string, number>()
  for await (const { seq } of reader.places()) {
    const body = (await reader.read(seq))!.body.toString()
    found.set(body, (found.get(body) ?? 0) + 1)
  }
  await reader.close()
  return found
}
