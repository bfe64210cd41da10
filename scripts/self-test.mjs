// `npm run self-test`: the desktop app in its real Electron opens a window on a workspace that goes again, runs a demonstration, looks at what
// keeps the page in, prints a report and exits (0: all is right, 1: something is wrong, 3: there is no Electron here).
import { fetchElectron, findElectron } from './electron.mjs'
import { ensureBuilt, root, run, sandboxOf } from './lib.mjs'

const why = findElectron()
  ? null
  : await fetchElectron({ say: (text) => console.log(text), cancelled: new AbortController().signal })
const program = findElectron()
if (why !== null || !program) {
  console.error(`error ${why ?? 'Electron’s program is not where it was installed'}: the self-test needs it.`)
  process.exit(3)
}
await ensureBuilt(['renderer', 'electron'], console.log)
const { args, why: note } = sandboxOf(process.getuid?.())
if (note) console.log(note)
process.exitCode = await run(program, [...args, root, '--self-test'])
