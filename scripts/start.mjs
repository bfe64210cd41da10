// `npm start`: the desktop app, or the same app in the browser where Electron's program cannot be had. Builds what is missing or old.
// `npm start -- FILE…` opens files in it. Options: --browser (do not try Electron), --no-open (do not start a browser), --port N, --workspace DIR.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
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

const electronProgram = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[
  process.platform
]
const electronFolder = join(root, 'node_modules', 'electron')
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Electron's program, looked for without `require('electron')`, which would try to download it. */
function findElectron() {
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(electronFolder, 'dist')]
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, electronProgram))
    .find(existsSync)
}

/** Electron's npm package has no program in it; it is fetched once, when there is a screen to show it on. */
async function fetchElectron() {
  console.log('fetching Electron (once)…')
  const child = spawn(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'ignore' })
  const timer = setTimeout(() => child.kill(), 90_000)
  await new Promise((done) => child.on('exit', done).on('error', done))
  clearTimeout(timer)
  return findElectron()
}

async function chooseElectron() {
  if (has('--browser')) return { why: null }
  if (!electronProgram) return { why: `Electron does not run on ${process.platform}` }
  if (!hasDisplay) return { why: 'there is no display' }
  const program = findElectron() ?? (await fetchElectron())
  return program ? { program } : { why: 'Electron’s program is not installed and could not be downloaded' }
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
