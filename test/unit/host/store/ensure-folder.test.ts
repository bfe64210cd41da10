import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureFolder, ensureFolderSync } from '../../../../src/host/store/ensure-folder.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const ways = [
  ['later', ensureFolder],
  ['at once', (path: string, mode?: number) => Promise.resolve().then(() => ensureFolderSync(path, mode))]
] as const

describe.each(ways)('a folder made %s', (_name, ensure) => {
  it('is there with those above it, for whom it was made', async () => {
    const [top, path] = [folder(), ['a', 'b', 'c']]
    await ensure(join(top, ...path), 0o700)
    expect(statSync(join(top, ...path)).isDirectory()).toBe(true)
    if (process.platform !== 'win32') expect(statSync(join(top, 'a')).mode & 0o777).toBe(0o700)
    await ensure(join(top, ...path))
  })

  it('may be behind a link', async () => {
    const top = folder()
    mkdirSync(join(top, 'real'))
    symlinkSync(join(top, 'real'), join(top, 'link'), 'junction')
    await ensure(join(top, 'link', 'a'))
    expect(existsSync(join(top, 'real', 'a'))).toBe(true)
  })

  it('is refused where a file is in its way', async () => {
    const top = folder()
    writeFileSync(join(top, 'file'), '')
    await expect(ensure(join(top, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(ensure(join(top, 'file', 'a'))).rejects.toMatchObject({
      code: expect.stringMatching(/EEXIST|ENOTDIR/)
    })
  })

  it.skipIf(process.platform !== 'linux')('is refused where the system makes none', async () => {
    for (const path of ['/proc/retrace', '/proc/retrace/a/b', `/proc/${process.pid}/a`])
      await expect(ensure(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
