// `npm start`: the desktop app, or the same app in the browser where Electron's program cannot be had. Builds what is missing or old.
// `npm start -- FILE…` opens files in it. Options: --browser (do not try Electron), --no-open (do not start a browser), --port N, --workspace DIR.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fetchElectron, findElectron, runsHere } from './electron.mjs'
import { ensureBuilt, root, run, sandboxOf, version } from './lib.mjs'

const options = {
  browser: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  workspace: { type: 'string' }
}

/** What was asked for on the command line. Throws with the code COMMAND_INVALID. */
function readArguments() {
  const invalid = (text) => Object.assign(new Error(text), { code: 'COMMAND_INVALID' })
  let given
  try {
    given = parseArgs({ options, allowPositionals: true, strict: true })
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`)
    throw invalid(`${error.message.split('\n')[0]}. There are ${known.join(', ')}, and files to open.`)
  }
  const { port, workspace } = given.values
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536))
    throw invalid(`--port takes a whole number from 0 to 65535, not “${port}”.`)
  if (workspace === '') throw invalid('--workspace is empty, as a variable of the shell is that was never set.')
  const files = given.positionals.map((file) => resolve(file))
  const missing = files.find((file) => !existsSync(file))
  if (missing) throw Object.assign(new Error(`There is no file ${missing}.`), { code: 'FILE_NOT_FOUND' })
  return { ...given.values, ...(workspace === undefined ? {} : { workspace: resolve(workspace) }), files }
}

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

async function chooseElectron({ browser }) {
  if (browser) return { why: null }
  if (!runsHere) return { why: `Electron does not run on ${process.platform}` }
  if (!hasDisplay) return { why: 'there is no display' }
  const installed = findElectron()
  if (installed) return { program: installed }
  const why = await fetchOnce()
  const program = why === null ? findElectron() : undefined
  return program ? { program } : { why: why ?? 'Electron’s program is not where it was installed' }
}

async function startBrowser({ workspace, port, files, 'no-open': isQuiet }) {
  await ensureBuilt(['node', 'renderer'], console.log)
  const { serve } = await import(pathToFileURL(join(root, 'out', 'node', 'server.mjs')))
  const serving = await serve({
    workspace,
    version: version(),
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs')),
    pageFolder: join(root, 'out', 'renderer'),
    port: Number(port ?? 0),
    open: files,
    say: (line) => console.error(line)
  })
  console.log(`open ${serving.url}`)
  if (!isQuiet) serving.openInBrowser()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      const hazard = serving.parting()
      if (hazard !== null) console.error(`warning ${hazard}`)
      void serving.close().finally(() => process.exit(0))
    })
  }
}

async function startElectron(program, { workspace, files }) {
  await ensureBuilt(['renderer', 'electron'], console.log)
  const { args: sandbox, why } = sandboxOf(process.getuid?.())
  if (why) console.log(why)
  return run(program, [...sandbox, root, ...files.map((file) => `--retrace-open=${file}`)], {
    env: { ...process.env, ...(workspace === undefined ? {} : { RETRACE_WORKSPACE: workspace }) }
  })
}

try {
  const given = readArguments()
  const electron = await chooseElectron(given)
  if (electron.program) process.exitCode = await startElectron(electron.program, given)
  else {
    if (electron.why) console.log(`no desktop window: ${electron.why}; the app opens in the browser`)
    await startBrowser(given)
  }
} catch (error) {
  const coded = error instanceof Error && 'code' in error
  console.error(`error ${coded ? `${error.code}: ` : ''}${error instanceof Error ? error.message : error}`)
  process.exit(coded ? 3 : 5)
}
