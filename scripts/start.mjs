// `npm start`: the desktop app, or the same app in the browser where Electron's program cannot be had. Builds what is missing or old.
// `npm start -- FILE…` opens files in it. Options: --browser (do not try Electron), --no-open (do not start a browser), --port N, --workspace DIR.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchElectron, findElectron, runsHere } from './electron.mjs'
import { ensureBuilt, root, run, sandboxOf, userWorkspace, version } from './lib.mjs'

const args = process.argv.slice(2)
const has = (name) => args.includes(name)
const valueOf = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)

const withValue = ['--port', '--workspace']
/** What is no option: files to open. */
const files = args
  .filter((arg, i) => !arg.startsWith('--') && !withValue.includes(args[i - 1]))
  .map((file) => resolve(file))
const missing = files.find((file) => !existsSync(file))

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Shows how far the download is; Ctrl+C ends it, not the start. */
async function fetchOnce() {
  const { isTTY } = process.stdout
  console.log(`fetching Electron, once (Ctrl+C: do without, in the browser)…`)
  const cancel = new AbortController()
  const stop = () => cancel.abort()
  process.once('SIGINT', stop)
  const why = await fetchElectron({
    say: (text) => isTTY && process.stdout.write(`\r  ${text} `),
    cancelled: cancel.signal
  })
  process.off('SIGINT', stop)
  if (isTTY) process.stdout.write('\r')
  return why
}

async function chooseElectron() {
  if (has('--browser')) return { why: null }
  if (!runsHere) return { why: `Electron does not run on ${process.platform}` }
  if (!hasDisplay) return { why: 'there is no display' }
  const installed = findElectron()
  if (installed) return { program: installed }
  const why = await fetchOnce()
  const program = why === null ? findElectron() : undefined
  return program ? { program } : { why: why ?? 'Electron’s program is not where it was installed' }
}

async function startBrowser(workspace) {
  await ensureBuilt(['node', 'renderer'], console.log)
  const { serve } = await import(pathToFileURL(join(root, 'out', 'node', 'server.mjs')))
  const serving = await serve({
    workspace,
    version: version(),
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs')),
    pageFolder: join(root, 'out', 'renderer'),
    port: Number(valueOf('--port') ?? 0),
    open: files
  })
  console.log(`open ${serving.url}`)
  if (hasDisplay && !has('--no-open')) openInBrowser(serving.url)
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      const hazard = serving.parting()
      if (hazard !== null) console.error(`warning ${hazard}`)
      void serving.close().finally(() => process.exit(0))
    })
  }
}

function openInBrowser(url) {
  const [command, ...rest] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  // Nobody to open it with is fine: the address was printed.
  spawn(command, [...rest, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

async function startElectron(program, workspace) {
  await ensureBuilt(['renderer', 'electron'], console.log)
  const { args: sandbox, why } = sandboxOf(process.getuid?.())
  if (why) console.log(why)
  return run(program, [...sandbox, root, ...files.map((file) => `--retrace-open=${file}`)], {
    env: { ...process.env, RETRACE_WORKSPACE: workspace }
  })
}

try {
  if (missing) throw Object.assign(new Error(`There is no file ${missing}.`), { code: 'FILE_NOT_FOUND' })
  const electron = await chooseElectron()
  const workspace = resolve(valueOf('--workspace') ?? userWorkspace())
  if (electron.program) process.exitCode = await startElectron(electron.program, workspace)
  else {
    if (electron.why) console.log(`no desktop window: ${electron.why}; the app opens in the browser`)
    await startBrowser(workspace)
  }
} catch (error) {
  const coded = error instanceof Error && 'code' in error
  console.error(`error ${coded ? `${error.code}: ` : ''}${error instanceof Error ? error.message : error}`)
  process.exit(coded ? 3 : 5)
}
