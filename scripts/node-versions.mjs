// `node scripts/node-versions.mjs [VERSION…]`: the unit tests, the installed npm package, a command and the start in the browser under other versions of Node (22, 24 and 26
// without any), each taken from npm's package of Node for Linux. `--quick`: without the unit tests.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { ensureBuilt, programOf, root } from './lib.mjs'

const args = process.argv.slice(2)
const quick = args.includes('--quick')
const asked = args.filter((arg) => !arg.startsWith('--'))
const versions = asked.length > 0 ? asked : ['22', '24', '26']
const packageName = `node-${process.platform}-${process.arch}`

/** The newest one of a version, unpacked once. */
function nodeOf(version) {
  const folder = join(root, 'out', 'nodes', version)
  const program = join(folder, 'node_modules', packageName, 'bin', 'node')
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    const options = ['--prefix', folder, '--no-audit', '--no-fund', '--no-save', `${packageName}@${version}`]
    spawnSync('npm', ['install', ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  if (!existsSync(program)) throw new Error(`npm has no ${packageName} ${version} for this machine`)
  return program
}

function shows(node, ...rest) {
  const { status, stderr } = spawnSync(node, rest, {
    cwd: root,
    env: { ...process.env, RETRACE_NO_BUILD: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8'
  })
  return { status, stderr }
}

/** A command that blocks, without a word on standard error. */
function runsCommand(node) {
  const { status, stderr } = shows(
    node,
    'scripts/retrace.mjs',
    'run',
    'examples/workflow.json',
    '--data',
    'examples/event.json'
  )
  return status === 1 && stderr === '' ? null : `status ${status}, ${stderr.trim()}`
}

/** The app in the browser answers. */
async function serves(node) {
  const home = join(root, 'out', 'nodes', 'home')
  const child = spawn(node, ['scripts/retrace.mjs', 'serve', '--no-open', '--workspace', join(home, 'workspace')], {
    cwd: root,
    env: { ...process.env, RETRACE_NO_BUILD: '1', RETRACE_CAPTURE_PORT: '0', RETRACE_USER_FOLDER: home },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let text = ''
  child.stdout.on('data', (piece) => (text += piece))
  child.stderr.on('data', (piece) => (text += piece))
  const ended = once(child, 'exit')
  for (let i = 0; i < 300 && !/open http/.test(text); i++) await new Promise((done) => setTimeout(done, 100))
  const url = /open (http\S+)#/.exec(text)?.[1]
  const status = url ? (await fetch(url)).status : null
  child.kill()
  await ended
  return status === 200 ? null : `no page: ${text.trim()}`
}

const passes =
  (...projects) =>
  (node) => {
    const args = ['run', '--reporter=dot', ...projects.map((name) => `--project=${name}`)]
    const env = { ...process.env, RETRACE_BUILT: '1' }
    const { status } = spawnSync(node, [programOf('vitest'), ...args], { cwd: root, env, stdio: 'inherit' })
    return status === 0 ? null : 'tests failed'
  }

await ensureBuilt(['node', 'renderer'], console.log)
let failed = 0
for (const version of versions) {
  const node = nodeOf(version)
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  for (const [what, check] of [
    ['a command', runsCommand],
    ['the start in the browser', serves],
    ['the npm package, installed', passes('package')],
    ...(quick ? [] : [['the unit tests', passes('!package')]])
  ]) {
    const wrong = await check(node)
    if (wrong !== null) failed++
    console.log(`${name}: ${what} ${wrong === null ? 'passed' : `FAILED: ${wrong}`}`)
  }
}
console.log(failed === 0 ? 'all passed' : `${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
