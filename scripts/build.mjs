// Builds the project. `node scripts/build.mjs` builds everything, `… adapter` the conformance adapter, `… node` what runs
// on Node (CLI, browser host, engine worker), `… renderer` the page. Output goes to out/.
import { build } from 'vite'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** One bundle for Node: dependencies stay imports, our own code is bundled. */
async function node(input, outDir) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20.19',
      outDir,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).filter(([, file]) => existsSync(join(root, file)))),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' }
      }
    }
  })
}

export const targets = {
  adapter: () => node({ adapter: 'test/conformance/adapter.ts' }, 'out/conformance'),
  node: () => node({ cli: 'src/cli/index.ts', server: 'src/server/index.ts', worker: 'src/host/worker/index.ts' }, 'out/node'),
  renderer: () => build({ root, configFile: join(root, 'vite.renderer.config.ts'), logLevel: 'warn' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  for (const [name, run] of Object.entries(targets)) if (wanted.length === 0 || wanted.includes(name)) await run()
}
