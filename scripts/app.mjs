// The app in the browser as a program of its own, for whoever looks at it from outside: pictures, browser tests, benches.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './lib.mjs'

const inBrowser = ['scripts/start.mjs', '--browser', '--no-open']

/**
 * Starts a script that serves the app, without a display, and waits for the address that it prints. Rejects when it ends before that.
 * Whose RETRACE_USER_FOLDER is not given has a home that is empty, and gone at the end.
 * @param {readonly string[]} [args]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ url: string, close: () => Promise<void>, kill: () => Promise<void> }>} its address with the token; an end in order, and one as in a crash
 */
export async function startApp(args = inBrowser, env = {}) {
  const home = env.RETRACE_USER_FOLDER === undefined ? mkdtempSync(join(tmpdir(), 'retrace-app-')) : null
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      ...{ DISPLAY: '', WAYLAND_DISPLAY: '', RETRACE_CAPTURE_PORT: '0' },
      ...(home === null ? {} : { RETRACE_USER_FOLDER: home }),
      ...env
    },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  // A test that fails does not come to its end: what it started ends with its process.
  const leave = () => child.kill()
  process.once('exit', leave)
  const exited = new Promise((resolve) =>
    child.once('exit', () => {
      process.off('exit', leave)
      if (home !== null) rmSync(home, { recursive: true, force: true })
      resolve()
    })
  )
  const end = (signal) => () => {
    child.kill(signal)
    return exited
  }
  const url = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece) => {
      text += piece
      const found = /^open (http\S+)$/m.exec(text)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the app ended: ${text}`)))
  })
  return { url, close: end('SIGTERM'), kill: end('SIGKILL') }
}
