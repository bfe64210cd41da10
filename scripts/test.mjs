// `npm test`: the very list that CI runs. Every step runs, whatever the ones before said; the last line sums up. The checks that only read run
// two at a time, and so does the test of the package, which mostly waits for one command after the other; each is shown when it has ended.
// `node scripts/test.mjs unit e2e` runs the named steps only; `long` (`npm run test:long`, also with `-- --full`) runs only when it is named.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { ensureChromium } from './browser.mjs'
import { ensureBuilt, programOf, root } from './lib.mjs'
import { isSpec, sizedFiles } from './long-tests.mjs'

const bin = {
  prettier: programOf('prettier'),
  eslint: programOf('eslint'),
  depcruise: programOf('dependency-cruiser', 'depcruise'),
  knip: programOf('knip'),
  vitest: programOf('vitest'),
  playwright: programOf('@playwright/test', 'playwright')
}
const reports = mkdtempSync(join(tmpdir(), 'retrace-test-'))
process.once('exit', () => rmSync(reports, { recursive: true, force: true }))

/** Runs a program of Node. Resolves to whether it succeeded, and to what it printed unless that was shown at once. */
function start(program, args, { env = {}, isShown = false } = {}) {
  return new Promise((done) => {
    const stdio = isShown ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio, env: { ...process.env, ...env } })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece) => (text += piece))
    child.on('error', (error) => done({ ok: false, text: `${text}${error.message}` }))
    child.on('close', (code) => done({ ok: code === 0, text }))
  })
}

/** A check: a program that passes or fails as a whole. */
const whole =
  (program, ...args) =>
  async () => {
    const { ok, text } = await start(program, args)
    return ok ? { passed: 1, failed: 0, text } : { passed: 0, failed: 1, text }
  }

/** Every test that ran, with its milliseconds. */
const timed = []

const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)

const unit = () => vitest('unit', ['--project=!package'])
/** The npm package, installed in an empty folder, and what the README shows. */
const installed = async () => {
  await ensureBuilt(['node', 'renderer'])
  return vitest('package', ['--project=package'], { isShown: false })
}
/** Whatever `unit` and `e2e` hold a short form of: attacks, events of 100 MB, all recorded runs, all sizes of the window. */
async function long() {
  const env = { RETRACE_LONG: process.argv.includes('--full') ? 'full' : '1' }
  const files = sizedFiles()
  const parts = [
    await vitest('long', ['--project=!package', ...files.filter((file) => !isSpec(file)), '--testTimeout=2400000'], {
      env
    }),
    await playwright(
      'long',
      files.filter(isSpec).map((file) => file.replaceAll(sep, '/')),
      env
    )
  ]
  return {
    passed: parts.reduce((sum, { passed }) => sum + passed, 0),
    failed: parts.reduce((sum, { failed }) => sum + failed, 0)
  }
}

async function vitest(name, args, { env = {}, isShown = true } = {}) {
  // Host tests start the worker that the app starts.
  await ensureBuilt(['node'], console.log)
  const file = join(reports, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const options = { env: { RETRACE_BUILT: '1', ...env }, isShown }
  const { ok, text } = await start(bin.vitest, ['run', ...args, ...reporters], options)
  const report = readReport(file)
  if (!report) return { passed: 0, failed: 1, text }
  for (const { name, assertionResults } of report.testResults)
    for (const one of assertionResults)
      timed.push({ name: `${relative(root, name)}: ${one.title}`, ms: one.duration ?? 0 })
  // A file that does not load has no tests to count.
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0
  ).length
  const failed = report.numFailedTests + broken
  return { passed: report.numPassedTests, failed: failed === 0 && !ok ? 1 : failed, text }
}

function timeSuite({ file, specs = [], suites = [] }) {
  for (const { title, tests } of specs)
    for (const { results } of tests)
      timed.push({ name: `e2e/${file}: ${title}`, ms: results.reduce((sum, { duration }) => sum + duration, 0) })
  suites.forEach(timeSuite)
}

const e2e = () => playwright('e2e')

async function playwright(name, files = [], env = {}) {
  const browser = ensureChromium()
  if (!browser.path) {
    console.log(`${name}: ${browser.why}`)
    return { passed: 0, failed: 1 }
  }
  const electron = existsSync(join(root, 'node_modules', 'electron', 'dist')) ? ['electron'] : []
  await ensureBuilt(['node', 'renderer', ...electron], console.log)
  const file = join(reports, `playwright-${name}.json`)
  const { ok } = await start(bin.playwright, ['test', ...files], {
    env: { CHROMIUM_PATH: browser.path, PLAYWRIGHT_JSON_OUTPUT_NAME: file, ...env },
    isShown: true
  })
  const report = readReport(file)
  if (!report?.stats) return { passed: 0, failed: 1 }
  report.suites.forEach(timeSuite)
  const { stats } = report
  const failed = stats.unexpected
  return { passed: stats.expected + stats.flaky, failed: failed === 0 && !ok ? 1 : failed }
}

/** Two at a time, in this order. */
const besideOthers = {
  // What was well formatted and has not changed since is not looked at again.
  format: whole(
    bin.prettier,
    ...['--check', '--log-level=warn', '--cache', '--cache-strategy=content'],
    ...['--cache-location=out/prettier.json', '.']
  ),
  lint: whole(bin.eslint, '.', '--cache', '--cache-strategy=content', '--cache-location=out/eslint.json'),
  package: installed,
  types: whole(join(root, 'scripts', 'types.mjs')),
  layers: whole(bin.depcruise, 'src', 'test', 'scripts', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'),
  unused: whole(bin.knip, '--no-progress', '--no-config-hints')
}
const steps = { ...besideOthers, unit, e2e, long }

const wanted = process.argv.slice(2).filter((arg) => arg !== '--full')
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name))
if (unknown.length > 0) {
  console.error(`error unknown step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`)
  process.exit(3)
}
const chosen = Object.keys(steps).filter((name) => (wanted.length > 0 ? wanted.includes(name) : name !== 'long'))
const results = new Map()

async function ended(name) {
  try {
    return await steps[name]()
  } catch (error) {
    return { passed: 0, failed: 1, text: error instanceof Error ? error.message : String(error) }
  }
}

const queue = chosen.filter((name) => Object.hasOwn(besideOthers, name))
async function runQueue() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const result = await ended(name)
    console.log(`\n== ${name}\n${result.text.trim()}`)
    results.set(name, result)
  }
}
await Promise.all([runQueue(), runQueue()])
for (const name of chosen.filter((name) => !results.has(name))) {
  console.log(`\n== ${name}`)
  const result = await ended(name)
  if (result.text) console.log(result.text)
  results.set(name, result)
}
timed.sort((a, b) => b.ms - a.ms)
if (timed.length > 0) console.log('\nThe slowest:')
for (const { name, ms } of timed.slice(0, 10)) console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`)
const all = chosen.map((name) => [name, results.get(name)])
console.log(`\n${all.map(([name, { passed, failed }]) => `${name}: ${passed} passed, ${failed} failed`).join('\n')}`)
const [passed, failed] = ['passed', 'failed'].map((key) => all.reduce((sum, [, result]) => sum + result[key], 0))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
