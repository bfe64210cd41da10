// Electron's fuses of a packaged app: what its program can no longer be made to do. `electronFuses` is in the shape of electron-builder's
// configuration, which sets them. `node scripts/fuses.mjs PROGRAM` reads them out of a program and says which ones are otherwise.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const electronFuses = {
  // ELECTRON_RUN_AS_NODE would make a Node of the app, with whatever the system lets the app do.
  runAsNode: false,
  // Cookies and local storage are encrypted with a key of the system's key store.
  enableCookieEncryption: true,
  // NODE_OPTIONS and --inspect load code into the app.
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Code that was changed after packaging is not loaded, and none from a folder beside it.
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  // Pages come from app://, never from file:.
  grantFileProtocolExtraPrivileges: false
}

/** The order of version 1 of the wire in the program. */
const order = Object.keys(electronFuses)
const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
const states = new Map([
  [0x30, false],
  [0x31, true],
  // Electron took the fuse out: it behaves as when it is off.
  [0x72, false]
])

/** Fuses that are not as they must be, as sentences; [] when all are. */
export function wrongFuses(program) {
  const found = []
  // A program for two processors has the wire twice.
  for (let at = program.indexOf(sentinel); at >= 0; at = program.indexOf(sentinel, at + 1))
    found.push(at + sentinel.length)
  if (found.length === 0) return ['This is no program of Electron: it has no fuses.']
  return found.flatMap((at) => {
    const [version, length] = [program[at], program[at + 1]]
    if (version !== 1) return [`The fuses are of version ${version}, which nobody here knows.`]
    return order.flatMap((name, i) => {
      const state = i < length ? states.get(program[at + 2 + i]) : undefined
      return state === electronFuses[name] ? [] : [`${name} is ${state ?? 'not there'}, not ${electronFuses[name]}.`]
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.slice(2)
  if (file === undefined) {
    console.error('usage: node scripts/fuses.mjs PROGRAM')
    process.exit(3)
  }
  const wrong = wrongFuses(readFileSync(file))
  for (const sentence of wrong) console.error(sentence)
  if (wrong.length > 0) process.exit(1)
  console.log(`${order.length} fuses are as they must be.`)
}
