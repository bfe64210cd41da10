import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The worker that the app starts; built when it is older than its sources. */
export function builtWorker(): URL {
  execFileSync(process.execPath, ['-e', "import('./scripts/lib.mjs').then((m) => m.ensureBuilt(['node']))"], {
    cwd: root
  })
  return pathToFileURL(`${root}out/node/worker.mjs`)
}
