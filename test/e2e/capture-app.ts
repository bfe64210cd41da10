// What a test of captured runs needs beside the app: a free port, `retrace` in a terminal, and recorded runs as a file of posts.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { RecordedRun } from '../unit/host/capture/recorded-runs.ts'
import { root } from './app.ts'

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** The exit status of a command. */
export const retrace = (args: readonly string[]): Promise<number> =>
  new Promise((resolve) =>
    spawn(process.execPath, ['scripts/retrace.mjs', ...args], { cwd: root, stdio: 'ignore' }).once('exit', (code) =>
      resolve(code ?? 1)
    )
  )

export function writePosts(file: string, runs: readonly RecordedRun[]): void {
  const lines = runs.flatMap((run) =>
    run.posts.map(({ target, body }) =>
      JSON.stringify({ at: '2024-10-21T12:00:00.000Z', source: '', method: 'POST', target, headers: {}, body })
    )
  )
  writeFileSync(file, lines.join('\n'))
}
