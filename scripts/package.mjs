// `npm run package`: packages of the desktop app for this system, with checksums and a list of what is in them (SBOM), in out/packages.
// `npm run package -- --linux deb` and the like are passed on to electron-builder.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findElectron, fetchElectron } from './electron.mjs'
import { ensureBuilt, npm, programOf, root, run } from './lib.mjs'
import { shrinkwrap } from './package-npm.mjs'

const out = join(root, 'out', 'packages')

/**
 * CycloneDX, of what is installed with the app. `npm sbom --omit dev` leaves out whatever a developer's package needs, too (zod, undici), so
 * all are asked for; and it calls the project as its folder is called.
 */
export function listParts() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const nameOf = (path) => path.split('node_modules/').at(-1)
  const needed = new Set(Object.entries(shrinkwrap().packages).map(([path, one]) => `${nameOf(path)}@${one.version}`))
  // npm leaves out what developers' tools need, too, where NODE_ENV says production.
  const all = JSON.parse(
    npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--include=dev'], { encoding: 'utf8' })
  )
  const components = all.components.filter((one) => needed.has(`${one.name}@${one.version}`))
  const { component } = all.metadata
  const refs = new Set([component, ...components].map((one) => one['bom-ref']))
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
  const own = { ...component, type: 'application', name, purl: `pkg:npm/${name}@${version}` }
  const list = { ...all, metadata: { ...all.metadata, component: own }, components, dependencies }
  return `${JSON.stringify(list, null, 2)}\n`
}

/**
 * What a CI hands on from secrets that it has not is there, and empty: electron-builder would look for a certificate at that place, and end on macOS.
 * @param {NodeJS.ProcessEnv} env
 */
export const withoutEmpty = (env) =>
  Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' || !/^(WIN_)?CSC_|^APPLE_/.test(name)))

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

async function packageApp() {
  if (!findElectron()) {
    const why = await fetchElectron({ say: (text) => console.log(text), cancelled: new AbortController().signal })
    if (why !== null) {
      console.error(
        `error ${why}: the desktop app’s packages have Electron’s program in them. Run this where it can be downloaded, or unpack it and name its folder in ELECTRON_OVERRIDE_DIST_PATH.`
      )
      console.error('The npm package needs none of it: node scripts/package-npm.mjs')
      return 3
    }
  }
  await ensureBuilt(['renderer', 'electron'], console.log)
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'sbom.cdx.json'), listParts())
  const local = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const args = [
    programOf('electron-builder'),
    ...['--config', join(root, 'electron-builder.config.mjs')],
    ...(local ? [`-c.electronDist=${local}`] : []),
    ...process.argv.slice(2)
  ]
  const status = await run(process.execPath, args, { env: withoutEmpty(process.env) })
  if (status !== 0) return status
  console.log(`${writeSums()} files, with their sums in ${join('out', 'packages', 'SHA256SUMS')}`)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await packageApp()
