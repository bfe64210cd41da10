// Keys and passwords: kept in the system's key store where the shell has one (Electron's safeStorage), else in memory until Retrace ends.
// Never in the workspace, never answered to a window.
import { z } from 'zod'
import { privateFile, writeAtomic } from '../store/files.ts'
import { orReport, parseJson, readText, unreadable } from '../store/reading.ts'

export interface KeyStore {
  /** Whether keys outlive the process. */
  readonly kept: 'system' | 'memory'
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<boolean>
  names(): Promise<readonly string[]>
}

export function createMemoryKeys(): KeyStore {
  const keys = new Map<string, string>()
  return {
    kept: 'memory',
    get: async (name) => keys.get(name) ?? null,
    set: async (name, value) => void keys.set(name, value),
    delete: async (name) => keys.delete(name),
    names: async () => [...keys.keys()]
  }
}

/** Encrypts and decrypts for this user of this machine: Electron's safeStorage. */
export interface Cipher {
  encrypt(text: string): Uint8Array
  decrypt(bytes: Uint8Array): string
}

const content = z.record(z.string(), z.string())

/** Keys in a file of the user's own folder (not of a workspace), each encrypted by the system. One that cannot be read is kept as `.bad`. */
export function createFileKeys(file: string, cipher: Cipher): KeyStore {
  let loaded: Promise<Map<string, string>> | null = null
  const load = async (): Promise<Map<string, string>> => {
    const care = { report: () => undefined, writable: () => true }
    const keys = await orReport(file, care, undefined, async () => {
      const text = await readText(file)
      const parsed =
        text === null ? { success: true as const, data: {} } : content.safeParse(parseJson(text, 'keys.json'))
      if (!parsed.success) throw unreadable('keys.json', 'it is not a list of keys')
      return parsed.data
    })
    return new Map(Object.entries(keys ?? {}))
  }
  const all = (): Promise<Map<string, string>> => (loaded ??= load())
  const save = async (keys: Map<string, string>): Promise<void> =>
    writeAtomic(file, JSON.stringify(Object.fromEntries(keys)), privateFile)
  return {
    kept: 'system',
    async get(name) {
      const text = (await all()).get(name)
      if (text === undefined) return null
      try {
        return cipher.decrypt(Buffer.from(text, 'base64'))
      } catch {
        return null
      }
    },
    async set(name, value) {
      const keys = await all()
      keys.set(name, Buffer.from(cipher.encrypt(value)).toString('base64'))
      await save(keys)
    },
    async delete(name) {
      const keys = await all()
      const deleted = keys.delete(name)
      if (deleted) await save(keys)
      return deleted
    },
    names: async () => [...(await all()).keys()]
  }
}
