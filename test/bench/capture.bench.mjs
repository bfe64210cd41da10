// Bundles capture.bench.ts and runs it: `node test/bench/capture.bench.mjs [--quick]`.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'test/bench/capture.bench.ts',
    target: 'node20.19',
    outDir: 'out/bench',
    emptyOutDir: false,
    minify: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'capture.bench.mjs' } }
  }
})
const run = spawnSync(process.execPath, [join(root, 'out/bench/capture.bench.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit'
})
process.exitCode = run.status ?? 1
