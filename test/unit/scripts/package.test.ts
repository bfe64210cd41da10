// The configuration of the desktop app's packages: as electron-builder reads it, and with what keeps the app safe.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
// @ts-expect-error a configuration, without types
import config from '../../../electron-builder.config.mjs'
// @ts-expect-error a script, without types
import { electronFuses } from '../../../scripts/fuses.mjs'

interface Configuration {
  readonly files: readonly string[]
  readonly electronFuses: object
  readonly fileAssociations: readonly { readonly ext: string; readonly rank: string }[]
  readonly linux: { readonly target: readonly string[]; readonly icon: string }
  readonly mac: { readonly target: readonly string[]; readonly hardenedRuntime: boolean }
  readonly win: { readonly target: readonly string[] }
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
    expect(own.electronFuses).toEqual(electronFuses)
    expect([...own.linux.target, ...own.mac.target, ...own.win.target]).toEqual(
      expect.arrayContaining(['deb', 'rpm', 'AppImage', 'dmg', 'nsis', 'zip'])
    )
    // Whoever opens JSON with something else goes on to.
    expect(own.fileAssociations.map(({ ext, rank }) => [ext, rank])).toEqual([
      ['json', 'Alternate'],
      ['ndjson', 'Alternate']
    ])
    expect(own.mac.hardenedRuntime).toBe(true)
    expect(existsSync(join(root, own.linux.icon))).toBe(true)
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
