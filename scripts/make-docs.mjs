// Makes the pages of docs/ that come from the definitions: modules, commands, errors. `npm run docs` does it first; alone it says what changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { ensureBuilt, root } from './lib.mjs'

export async function makeDocs(say) {
  // Some commands start the thread that takes files apart.
  await ensureBuilt(['node'], say)
  // Commands are loaded when they are called, so the loader of the sources stays until all have run.
  const loader = await createServer({
    ...{ root, configFile: false, logLevel: 'error', appType: 'custom' },
    ...{ server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } }
  })
  const { buildPages } = await loader.ssrLoadModule('/scripts/docs/pages.ts')
  const pages = await buildPages().finally(() => loader.close())
  const docs = join(root, 'docs')
  mkdirSync(join(docs, 'modules'), { recursive: true })
  for (const name of readdirSync(join(docs, 'modules')).map((file) => `modules/${file}`)) {
    if (pages.has(name)) continue
    rmSync(join(docs, name))
    say(`removed docs/${name}`)
  }
  for (const [name, text] of pages) {
    const file = join(docs, name)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    writeFileSync(file, text)
    say(`made docs/${name}`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await makeDocs(console.log)
  process.exit()
}
