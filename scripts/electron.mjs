// Electron's program: its npm package has none, so it is fetched once, with progress, for as long as bytes arrive, and until Ctrl+C.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './lib.mjs'

const folder = join(root, 'node_modules', 'electron')
const program = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[
  process.platform
]
export const runsHere = program !== undefined

/** Looked for without `require('electron')`, which would try to download it. */
export function findElectron() {
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(folder, 'dist')]
  return folders
    .filter(Boolean)
    .map((one) => join(one, program))
    .find(existsSync)
}

/** Into the cache of @electron/get, out of which Electron's own script installs it. */
async function download(downloadOptions) {
  const require = createRequire(import.meta.url)
  const { version } = require('electron/package.json')
  const { downloadArtifact } = await import('@electron/get')
  await downloadArtifact({
    ...{ version, artifactName: 'electron', platform: process.platform, arch: process.arch },
    checksums: require('electron/checksums.json'),
    cacheRoot: process.env.electron_config_cache,
    downloadOptions: { quiet: true, ...downloadOptions }
  })
}

const install = () => promisify(execFile)(process.execPath, [join(folder, 'install.js')])

const megabytes = (bytes) => (bytes / 1e6).toFixed(0)

/**
 * Resolves to null, or to why there is none, as a clause. `stallMs`: how long no byte may come; there is no other limit.
 * @param cancelled an AbortSignal of whoever does not want to wait
 */
export async function fetchElectron({ say, cancelled, stallMs = 30_000, ...ports } = {}) {
  const stalled = new AbortController()
  let timer = setTimeout(() => stalled.abort(), stallMs)
  let shown = -1
  const heard = ({ transferred, total }) => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(), stallMs)
    const percent = total ? Math.floor((transferred / total) * 100) : -1
    if (percent === shown) return
    shown = percent
    say(`${megabytes(transferred)}${total ? ` of ${megabytes(total)}` : ''} MB`)
  }
  try {
    const signal = AbortSignal.any([stalled.signal, cancelled])
    await (ports.download ?? download)({ signal, getProgressCallback: heard })
    clearTimeout(timer)
    await (ports.install ?? install)()
    return null
  } catch (error) {
    if (cancelled.aborted) return 'the download of Electron was cancelled'
    if (stalled.signal.aborted) return `the download of Electron stood still for ${Math.round(stallMs / 1000)} s`
    const cause = error?.cause ?? error
    return `Electron could not be downloaded (${cause?.code ?? cause?.message ?? cause})`
  } finally {
    clearTimeout(timer)
  }
}
