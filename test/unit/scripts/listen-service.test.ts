// The systemd unit that lets `retrace listen` stand in for the app.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolders } from '../host/temporary.ts'

const file = fileURLToPath(new URL('../../../resources/systemd/retrace-listen.service', import.meta.url))
const folder = temporaryFolders()
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

function read(): ReadonlyMap<string, string> {
  let section = ''
  const found = new Map<string, string>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const head = /^\[(\w+)\]$/.exec(line)
    const [, name, value] = /^([A-Za-z]+)=(.+)$/.exec(line) ?? []
    expect([line, head !== null || name !== undefined]).toEqual([line, true])
    if (head) section = head[1]!
    else found.set(`${section}.${name}`, value!)
  }
  return found
}

describe('the unit of retrace listen', () => {
  it('starts it again, may write its own folder only, and names no folder of a machine', () => {
    const unit = read()
    const { Restart, NoNewPrivileges, PrivateTmp, ProtectSystem, ProtectHome, ReadWritePaths, ExecStart } =
      Object.fromEntries([...unit].map(([name, value]) => [name.replace('Service.', ''), value]))
    expect({ Restart, NoNewPrivileges, PrivateTmp, ProtectSystem, ProtectHome }).toEqual({
      ...{ Restart: 'on-failure', NoNewPrivileges: 'yes', PrivateTmp: 'yes' },
      ...{ ProtectSystem: 'strict', ProtectHome: 'read-only' }
    })
    expect(ReadWritePaths).toBe('%h/.local/share/retrace')
    expect(ExecStart).toMatch(/retrace\.mjs listen \$RETRACE_LISTEN$/)
    for (const [name, value] of unit)
      expect([name, value]).not.toEqual([name, expect.stringMatching(/\/(home|root|Users)\//)])
  })

  it.skipIf(!hasSystemd)('is a unit as systemd reads it', () => {
    const env = { ...process.env, XDG_RUNTIME_DIR: folder() }
    expect(execFileSync('systemd-analyze', ['verify', '--user', file], { env, encoding: 'utf8', stdio: 'pipe' })).toBe(
      ''
    )
    // It tells unknown settings on standard error, and ends well.
    expect(spawnSync('systemd-analyze', ['verify', '--user', file], { env, encoding: 'utf8' }).stderr).toBe('')
  })
})
