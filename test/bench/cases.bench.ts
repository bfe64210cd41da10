// 1,000 small cases with `retrace test` against the same 1,000 as snapshot tests of vitest, each in a process of its own.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, guard } from '../unit/host/samples.ts'

const quick = process.argv.includes('--quick')
const count = quick ? 100 : 1000
const times = quick ? 1 : 5
const root = process.cwd()

function timed(args: readonly string[], cwd: string): number {
  const began = performance.now()
  const env = { ...process.env, RETRACE_NO_BUILD: '1', NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`)
  return performance.now() - began
}

const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1] as number

const cwd = mkdtempSync(join(tmpdir(), 'retrace-cases-'))
// Below the project, so that vitest finds its sources and itself.
const tests = mkdtempSync(join(root, 'out', 'cases-bench-'))
try {
  mkdirSync(join(cwd, 'cases'))
  writeFileSync(join(cwd, 'cases', 'guard.json'), JSON.stringify(guard))
  for (let i = 0; i < count; i++) {
    const isRed = i % 2 === 0
    const event = eventOf(3, [isRed ? 'tlp:red' : 'tlp:green'])
    const expect = isRed
      ? { outcome: 'blocked', path: ['2 true', '3 failed'] }
      : { outcome: 'success', path: ['2 false', '4'] }
    const one = {
      format: 'retrace.case',
      version: 1,
      name: `case ${i}`,
      workflowFile: 'guard.json',
      input: event,
      expect
    }
    writeFileSync(join(cwd, 'cases', `${i}.case.json`), JSON.stringify(one))
  }
  writeFileSync(
    join(tests, 'cases.test.ts'),
    `import { expect, it } from 'vitest'
import { runCase } from '${root}/src/engine/case/run-case.ts'
import { pathEntries } from '${root}/src/engine/case/told.ts'
import { findCases } from '${root}/src/host/cases/case-files.ts'
import { CaseReader } from '${root}/src/host/cases/case-reader.ts'
import { caseRunning } from '${root}/src/host/cases/test-case.ts'
const reader = new CaseReader()
for (const file of findCases(['${join(cwd, 'cases')}']))
  it(file.name, () => {
    const { fold } = runCase(reader.read(file), caseRunning(undefined))
    expect({ outcome: fold.finished?.outcome, path: pathEntries(fold.steps) }).toMatchSnapshot()
  })
`
  )
  writeFileSync(join(tests, 'vitest.config.mjs'), `export default { test: { include: ['cases.test.ts'] } }\n`)
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', tests]
  const retrace = [join(root, 'scripts', 'retrace.mjs'), 'test', 'cases']
  // The first run writes the snapshots.
  timed(vitest, tests)
  const ours: number[] = []
  const theirs: number[] = []
  for (let i = 0; i < times; i++) {
    ours.push(timed(retrace, cwd))
    theirs.push(timed(vitest, tests))
  }
  const [own, other] = [median(ours), median(theirs)]
  console.log(
    `${count} cases: ${own.toFixed(0)} ms, ${(own / other).toFixed(2)} of the same as snapshot tests of vitest (${other.toFixed(0)} ms), goal 0.5`
  )
} finally {
  rmSync(cwd, { recursive: true, force: true })
  rmSync(tests, { recursive: true, force: true })
}
