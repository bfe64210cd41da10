// `npm run bench`: every benchmark, or those that are named: `npm run bench -- engine jinja`. `--quick` makes small ones. They print
// ratios against a baseline of the same run; nothing fails on time.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { ensureBuilt, root } from './lib.mjs'

const folder = join(root, 'test', 'bench')
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length))
const args = process.argv.slice(2)
const options = args.filter((arg) => arg.startsWith('--'))
const named = args.filter((arg) => !arg.startsWith('--'))
const unknown = named.find((name) => !known.includes(name))
if (unknown) {
  console.error(`There is no benchmark "${unknown}". There are: ${known.join(', ')}.`)
  process.exit(3)
}

await ensureBuilt(['node', 'renderer'], console.log)
for (const name of named.length > 0 ? named : known) {
  console.log(`\n== ${name}`)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(folder, `${name}.bench.ts`),
      target: 'node20.19',
      outDir: 'out/bench',
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: `${name}.bench.mjs` } }
    }
  })
  const bundle = join(root, 'out', 'bench', `${name}.bench.mjs`)
  const run = spawnSync(process.execPath, ['--expose-gc', bundle, ...options], { stdio: 'inherit', cwd: root })
  if (run.status !== 0) process.exitCode = 1
}
