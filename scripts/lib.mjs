// What the scripts share: where things are, whether a build is older than its sources, running a program.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Newest change below a file or folder, in milliseconds; 0 when it is not there. */
function newest(path) {
  if (!existsSync(path)) return 0
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  let time = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    time = Math.max(time, entry.isDirectory() ? newest(inner) : statSync(inner).mtimeMs)
  }
  return time
}

const common = ['package-lock.json', 'tsconfig.base.json', 'scripts/build.mjs', 'src/contract', 'src/engine']
/** What each part of out/ is made of. */
export const sources = {
  node: [...common, 'src/host', 'src/server', 'src/cli'],
  renderer: [...common, 'src/renderer', 'vite.renderer.config.ts'],
  electron: [...common, 'src/host', 'src/main', 'src/preload', 'electron.vite.config.ts'],
  adapter: [...common, 'test/conformance/adapter.ts']
}

const stampOf = (target) => join(root, 'out', `.built-${target}`)

export function isStale(target) {
  const stamp = stampOf(target)
  if (!existsSync(stamp)) return true
  const built = Number(readFileSync(stamp, 'utf8'))
  return sources[target].some((path) => newest(join(root, path)) > built)
}

/** Remembers when the build began, so that a change during it is not missed. */
export function markBuilt(target, startedAt) {
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stampOf(target), String(startedAt))
}

/** Builds those of the targets that are missing or older than their sources; RETRACE_NO_BUILD is set by who has built already, as tests do. */
export async function ensureBuilt(targets, say = () => undefined) {
  if (process.env.RETRACE_NO_BUILD) return
  const stale = targets.filter(isStale)
  if (stale.length === 0) return
  say(`building ${stale.join(', ')}…`)
  const { buildTargets } = await import('./build.mjs')
  await buildTargets(stale)
}

/** The file that a package of node_modules runs as its program: with Node itself it needs no shell, and no quotes for blanks in a path. */
export function programOf(packageName, name = packageName) {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

/** npm itself, with what it prints. Under `npm run` it is the one that runs. */
export function npm(args, options = {}) {
  const own = process.env.npm_execpath
  const isNpm = own?.endsWith('npm-cli.js')
  // On Windows npm is a script of the shell, which takes the arguments apart.
  const isShell = !isNpm && process.platform === 'win32'
  const [command, ...rest] = isNpm ? [process.execPath, own, ...args] : ['npm', ...args]
  const given = isShell ? rest.map((arg) => `"${arg}"`) : rest
  return execFileSync(command, given, { cwd: root, maxBuffer: 1 << 28, shell: isShell, ...options })
}

/** Runs a program to its end. Resolves to its exit code; 128 + n for signals. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)))
  })
}

export const version = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version

/** Chromium does not start as root with its sandbox (in a container there may be nobody else). Nobody else goes without it, and it is said. */
export const sandboxOf = (uid) =>
  uid === 0
    ? {
        args: ['--no-sandbox'],
        why: 'running as root: Chromium’s sandbox is off; start Retrace as another user to have it'
      }
    : { args: [], why: null }
