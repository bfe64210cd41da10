// Builds the project. `node scripts/build.mjs` builds everything, or the named parts: `node` (CLI, browser host, engine worker), `renderer`
// (the page), `electron` (main and preload), `adapter` (conformance). Output goes to out/.
import { build } from 'vite'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { markBuilt, root } from './lib.mjs'

/** One bundle for Node: dependencies stay imports, our own code is bundled. So is zod: its package reads 50 languages at every start. */
async function node(input, outDir) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: ['zod'] },
    build: {
      ssr: true,
      target: 'node20.19',
      outDir,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).filter(([, file]) => existsSync(join(root, file)))),
        // Much of what a start costs is reading the code; names stay, for the stacks of mistakes.
        output: {
          format: 'es',
          minify: { compress: false, mangle: false, codegen: true },
          entryFileNames: '[name].mjs',
          chunkFileNames: 'chunks/[name]-[hash].mjs'
        }
      }
    }
  })
}

async function electron() {
  const { build: buildElectron } = await import('electron-vite')
  await buildElectron({ root, logLevel: 'error', configFile: join(root, 'electron.vite.config.ts') })
}

export const targets = {
  adapter: () => node({ adapter: 'test/conformance/adapter.ts' }, 'out/conformance'),
  node: () =>
    node(
      {
        cli: 'src/cli/index.ts',
        server: 'src/server/index.ts',
        worker: 'src/host/worker/thread/index.ts',
        'parse-worker': 'src/host/capture/understand/parse-worker.ts',
        guest: 'src/host/modules/guest-thread.ts'
      },
      'out/node'
    ),
  renderer: () => build({ configFile: join(root, 'vite.renderer.config.ts'), logLevel: 'warn' }),
  electron
}

export async function buildTargets(names) {
  for (const name of names) {
    const startedAt = Date.now()
    await targets[name]()
    markBuilt(name, startedAt)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !Object.hasOwn(targets, name))
  if (unknown.length > 0) {
    console.error(`error unknown target ${unknown.join(', ')}; there are ${Object.keys(targets).join(', ')}`)
    process.exit(3)
  }
  await buildTargets(wanted.length > 0 ? wanted : ['node', 'renderer', 'electron'])
}
