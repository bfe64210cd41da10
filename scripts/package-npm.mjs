// Makes the npm package `misp-retrace`: the command line and the app in the browser, without Electron and without a build of its own.
// `node scripts/package-npm.mjs` leaves out/misp-retrace-VERSION.tgz, and prints its path.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt, npm, root } from './lib.mjs'

const folder = join(root, 'out', 'npm')
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What is published, and nothing else. */
const files = [
  'bin',
  'npm-shrinkwrap.json',
  'out/node',
  'out/renderer',
  'resources',
  'examples',
  'README.md',
  'CHANGELOG.md',
  'LICENSE'
]

const { GITHUB_REPOSITORY, GITHUB_SERVER_URL } = process.env

export const manifest = {
  name: 'misp-retrace',
  version: own.version,
  description: own.description,
  keywords: ['misp', 'workflow', 'debugger', 'replay', 'threat-intelligence'],
  license: own.license,
  type: 'module',
  bin: { retrace: 'bin/retrace.mjs' },
  files,
  engines: own.engines,
  // Where it is published from, which provenance is held against.
  ...(GITHUB_REPOSITORY
    ? { repository: { type: 'git', url: `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git` } }
    : {}),
  dependencies: own.dependencies
}

const program = `#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { main } from '../out/node/cli.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
// Not process.exit: what was printed into a pipe must arrive whole.
process.exitCode = await main(process.argv.slice(2), { root, version })
`

/**
 * Those versions that were tested, of whatever is needed at run time: npm installs no others from a registry. From the project's lock file.
 */
export function shrinkwrap() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const { '': _own, ...others } = lock.packages
  // A link is to a folder of the checkout.
  const needed = Object.entries(others).filter(([, { dev, devOptional, link }]) => !dev && !devOptional && !link)
  const { name, version, license, dependencies, bin, engines } = manifest
  return {
    ...{ name, version, lockfileVersion: lock.lockfileVersion, requires: true },
    packages: { '': { name, version, license, dependencies, bin, engines }, ...Object.fromEntries(needed) }
  }
}

const write = (name, value) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`)

/** Builds the package. Resolves to the path of its tarball. */
export async function packageNpm(say = () => undefined) {
  await ensureBuilt(['node', 'renderer'], say)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'bin'), { recursive: true })
  // Maps of the sources are twice as large as all else, and the sources are not in the package.
  const filter = (path) => !path.endsWith('.map')
  for (const name of files.filter((one) => one !== 'bin' && one !== 'npm-shrinkwrap.json'))
    cpSync(join(root, name), join(folder, name), { recursive: true, filter })
  writeFileSync(join(folder, 'bin', 'retrace.mjs'), program)
  chmodSync(join(folder, 'bin', 'retrace.mjs'), 0o755)
  write('package.json', manifest)
  write('npm-shrinkwrap.json', shrinkwrap())
  const printed = npm(['pack', folder, '--json', '--pack-destination', join(root, 'out')], { encoding: 'utf8' })
  return join(root, 'out', JSON.parse(printed)[0].filename)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await packageNpm(console.log))
