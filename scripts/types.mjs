// Checks the types: contract and engine without Node and DOM, what runs on Node as one (src/tsconfig.json), the windows' side, the tests.
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root } from './lib.mjs'

// The longest first.
const queue = ['test', 'src', 'src/renderer', 'src/engine', 'src/preload', 'src/contract']
// The native compiler: an eighth of the time of the one that typescript-eslint needs (docs/decisions/0007).
const tsc = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
const cache = join(root, 'out', 'types')
const atOnce = Math.min(2, availableParallelism())
// Each checker of a layer works out for itself much of what the others do, too: four of them, the usual number, take twice the work of one.
const checkers = Math.max(1, Math.floor(availableParallelism() / atOnce))
let failed = 0
let passed = 0

function check(layer) {
  return new Promise((done) => {
    execFile(
      process.execPath,
      // What did not change since the last time is not checked again.
      [
        ...[tsc, '-p', join(root, layer), '--checkers', String(checkers)],
        ...['--incremental', '--tsBuildInfoFile', `${cache}/${layer.replace('/', '-')}.json`]
      ],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        if (error) {
          failed++
          console.log(stdout.trim())
          console.log(`types: ${layer} failed`)
        } else passed++
        done()
      }
    )
  })
}

async function worker() {
  for (let layer = queue.shift(); layer; layer = queue.shift()) await check(layer)
}
await Promise.all(Array.from({ length: atOnce }, worker))
console.log(`types: ${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
