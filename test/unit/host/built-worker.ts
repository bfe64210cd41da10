import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** `npm test` builds before it starts the tests. */
let isBuilt = process.env.RETRACE_BUILT === '1'

/** The worker that the app starts; built when it is older than its sources. */
export function builtWorker(): URL {
  if (!isBuilt)
    execFileSync(process.execPath, ['-e', "import('./scripts/lib.mjs').then((m) => m.ensureBuilt(['node']))"], {
      cwd: root
    })
  isBuilt = true
  return pathToFileURL(`${root}out/node/worker.mjs`)
}
