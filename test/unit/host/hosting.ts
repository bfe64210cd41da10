// A host of a test, asked by operations, and what it needs around it.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { OperationName, Params, Result } from '../../../src/contract/operations.ts'
import { unpackRun } from '../../../src/contract/packed-steps.ts'
import type { RunDetail } from '../../../src/contract/run-views.ts'
import { createHost } from '../../../src/host/host.ts'
import type { Host, HostOptions } from '../../../src/host/host.ts'
import { temporaryFolders } from './temporary.ts'

const closing: (() => unknown)[] = []

/** Called once in a file: closes after each test what the test opened. */
export function hosting() {
  const folder = temporaryFolders()
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  return {
    folder,
    later: (close: () => unknown) => void closing.unshift(close),
    async open(workspace = folder(), more: Partial<HostOptions> = {}): Promise<Host> {
      const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null, ...more })
      closing.unshift(() => host.close())
      return host
    }
  }
}

export async function ask<N extends OperationName>(
  host: Pick<Host, 'call'>,
  name: N,
  params: Params<N>
): Promise<Result<N>> {
  const answer = await host.call(name, params)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`)
  return answer.data as Result<N>
}

/** Waits until the run is on disk. */
export async function finished(host: Pick<Host, 'call'>, runId: string): Promise<RunDetail> {
  for (;;) {
    const { runs } = await ask(host, 'runs.list', {})
    const run = runs.find(({ id }) => id === runId)
    if (run && run.state !== 'running' && run.size > 0) return unpackRun(await ask(host, 'runs.get', { runId }))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export interface Seen {
  readonly method: string
  readonly url: string
  /** Name and value in turn, as they came. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A server of this machine that keeps what it was sent. It is closed after the test. */
export async function peer(answer: (seen: Seen, response: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', rawHeaders: headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
      answer(seen.at(-1) as Seen, response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close()
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}
