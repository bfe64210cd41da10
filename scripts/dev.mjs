// `npm run dev`: vite's dev server for the page in front of the browser host. Page changes show at once; changes of host, worker or engine
// rebuild and restart the host.
import { randomBytes } from 'node:crypto'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createServer } from 'vite'
import { buildTargets } from './build.mjs'
import { ensureBuilt, root, version } from './lib.mjs'

const port = Number(process.env.PORT ?? 5173)
const hostPort = Number(process.env.HOST_PORT ?? 5174)
// One that nobody can guess: the host behind the dev server obeys whoever has it. It stays while this runs.
const token = randomBytes(24).toString('base64url')

let serving = null
async function startHost() {
  const { serve } = await import(`${pathToFileURL(join(root, 'out', 'node', 'server.mjs'))}?${Date.now()}`)
  serving = await serve({
    version: version(),
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs')),
    pageFolder: null,
    port: hostPort,
    token,
    extraHosts: [`localhost:${port}`, `127.0.0.1:${port}`]
  })
}

await ensureBuilt(['node'], console.log)
await startHost()
const proxy = { target: `http://127.0.0.1:${hostPort}` }
const vite = await createServer({
  configFile: join(root, 'vite.renderer.config.ts'),
  server: { port, strictPort: true, host: '127.0.0.1', proxy: { '/api': proxy, '/socket': { ...proxy, ws: true } } }
})
await vite.listen()
console.log(`open http://127.0.0.1:${port}/#token=${token}`)

let timer = null
for (const layer of ['contract', 'engine', 'host', 'server']) {
  watch(join(root, 'src', layer), { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      try {
        await buildTargets(['node'])
        await serving?.close()
        await startHost()
        console.log('host restarted')
      } catch (error) {
        console.error(error instanceof Error ? error.message : error)
      }
    }, 300)
  })
}
process.once('SIGINT', async () => {
  await vite.close()
  await serving?.close()
  process.exit(0)
})
