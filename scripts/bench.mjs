// Builds the engine's benchmark and runs it with the garbage collector exposed: `npm run bench [-- --quick]`.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'test/bench/engine.bench.ts',
    target: 'node20.19',
    outDir: 'out/bench',
    emptyOutDir: false,
    sourcemap: true,
    minify: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'engine.bench.mjs' } }
  }
})
const bundle = join(root, 'out/bench/engine.bench.mjs')
const run = spawnSync(process.execPath, ['--expose-gc', bundle, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = run.status ?? 1
