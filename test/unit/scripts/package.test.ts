// The configuration of the desktop app's packages: as electron-builder reads it, and with what keeps the app safe.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
// @ts-expect-error a configuration, without types
import config from '../../../electron-builder.config.mjs'
// @ts-expect-error a script, without types
import { electronFuses } from '../../../scripts/fuses.mjs'

// @ts-expect-error a script, without types
import * as npmPackage from '../../../scripts/package-npm.mjs'
// @ts-expect-error a script, without types
import * as script from '../../../scripts/package.mjs'

interface Configuration {
  readonly files: readonly string[]
  readonly electronFuses: object
  readonly fileAssociations: readonly { readonly ext: string; readonly rank: string }[]
  readonly linux: { readonly target: readonly string[]; readonly icon: string }
  readonly mac: { readonly target: readonly string[]; readonly hardenedRuntime: boolean; readonly icon: string }
  readonly win: { readonly target: readonly string[]; readonly icon: string }
}

const { shrinkwrap } = npmPackage as {
  readonly shrinkwrap: () => { readonly packages: Readonly<Record<string, { readonly version: string }>> }
}
const root = fileURLToPath(new URL('../../../', import.meta.url))
const own = config as Configuration

describe('the packages of the desktop app', () => {
  it('are configured as electron-builder’s own schema wants it', async () => {
    const require = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'))
    const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
      readonly validateConfiguration: (config: unknown, log: unknown) => Promise<void>
    }
    const { DebugLogger } = require('builder-util') as { readonly DebugLogger: new (on: boolean) => unknown }
    await validateConfiguration(own, new DebugLogger(false))
    const wrong = { ...own, linux: { ...own.linux, nonsense: true } }
    await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow('Invalid configuration')
  })

  it('have the fuses, every kind of package, and MISP’s files to open', () => {
    expect(own.electronFuses).toEqual({ ...electronFuses, resetAdHocDarwinSignature: true })
    expect([...own.linux.target, ...own.mac.target, ...own.win.target]).toEqual(
      expect.arrayContaining(['deb', 'rpm', 'AppImage', 'dmg', 'nsis', 'zip'])
    )
    // Whoever opens JSON with something else goes on to.
    expect(own.fileAssociations.map(({ ext, rank }) => [ext, rank])).toEqual([
      ['json', 'Alternate'],
      ['ndjson', 'Alternate']
    ])
    expect(own.mac.hardenedRuntime).toBe(true)
    // Large enough for macOS, of which electron-builder makes the others.
    const icon = readFileSync(join(root, own.linux.icon))
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([1024, 1024])
    expect([own.mac.icon, own.win.icon]).toEqual([own.linux.icon, own.linux.icon])
  })

  it('come with a list of their parts: each with its version, none of a developer', () => {
    const { listParts } = script as { readonly listParts: () => string }
    // As builds set it, for which npm omits more than it should.
    vi.stubEnv('NODE_ENV', 'production')
    const list = JSON.parse(listParts()) as {
      readonly bomFormat: string
      readonly metadata: { readonly component: { readonly name: string; readonly purl: string } }
      readonly components: readonly { readonly name: string; readonly version: string }[]
    }
    expect([list.bomFormat, list.metadata.component.name]).toEqual(['CycloneDX', 'retrace'])
    expect(list.metadata.component.purl).toMatch(/^pkg:npm\/retrace@/)
    // All that npm installs with it, also what tools of developers need, too; and no more.
    const { '': _self, ...needed } = shrinkwrap().packages
    const nameOf = (path: string): string => path.split('node_modules/').at(-1)!
    const wanted = Object.entries(needed).map(([path, { version }]) => `${nameOf(path)}@${version}`)
    expect(list.components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual([...new Set(wanted)].sort())
    expect(wanted.map((one) => one.replace(/@[^@]+$/, ''))).toEqual(expect.arrayContaining(['undici', 'zeromq', 'zod']))
    vi.unstubAllEnvs()
  }, 60_000)

  it('are made without a signature where no secret for one is set', () => {
    const { withoutEmpty } = script as { readonly withoutEmpty: (env: object) => object }
    const given = {
      PATH: '/bin',
      EMPTY: '',
      CSC_LINK: '',
      CSC_KEY_PASSWORD: '',
      WIN_CSC_LINK: '',
      APPLE_ID: 'a@example.org'
    }
    expect(withoutEmpty(given)).toEqual({ PATH: '/bin', EMPTY: '', APPLE_ID: 'a@example.org' })
  })

  it('hold no sources, maps or tests', () => {
    const kept = own.files.filter((pattern) => !pattern.startsWith('!'))
    expect(kept).toEqual([
      'out/main/**',
      'out/preload/**',
      'out/renderer/**',
      'resources/**',
      'package.json',
      'LICENSE'
    ])
    expect(own.files).toContain('!**/*.map')
  })
})
