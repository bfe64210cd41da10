// `npm run package`: packages of the desktop app for this system, with checksums and a list of what is in them (SBOM), in out/packages.
// `npm run package -- --linux deb` and the like are passed on to electron-builder.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findElectron, fetchElectron } from './electron.mjs'
import { ensureBuilt, npm, programOf, root, run } from './lib.mjs'

const out = join(root, 'out', 'packages')

/** CycloneDX, of what is installed with the app. */
const listParts = () => npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'])

const isPackage = (name) => /\.(deb|rpm|AppImage|dmg|exe|zip)$/.test(name)

function writeSums() {
  const lines = readdirSync(out)
    .filter((name) => isPackage(name) || name === 'sbom.cdx.json')
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex')}  ${name}`
    )
  writeFileSync(join(out, 'SHA256SUMS'), `${lines.join('\n')}\n`)
  return lines.length
}

if (!findElectron()) {
  const why = await fetchElectron({ say: (text) => console.log(text), cancelled: new AbortController().signal })
  if (why !== null) {
    console.error(
      `error ${why}: the desktop app’s packages have Electron’s program in them. Run this where it can be downloaded, or unpack it and name its folder in ELECTRON_OVERRIDE_DIST_PATH.`
    )
    console.error('The npm package needs none of it: node scripts/package-npm.mjs')
    process.exit(3)
  }
}
await ensureBuilt(['renderer', 'electron'], console.log)
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'sbom.cdx.json'), listParts())
const local = process.env.ELECTRON_OVERRIDE_DIST_PATH
const status = await run(process.execPath, [
  programOf('electron-builder'),
  ...['--config', join(root, 'electron-builder.config.mjs')],
  ...(local ? [`-c.electronDist=${local}`] : []),
  ...process.argv.slice(2)
])
if (status !== 0) process.exit(status)
console.log(`${writeSums()} files, with their sums in ${join('out', 'packages', 'SHA256SUMS')}`)
