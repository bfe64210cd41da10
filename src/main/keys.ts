// Keys in the system's key store, through Electron; where the system has none they stay in memory.
import { safeStorage } from 'electron'
import { join } from 'node:path'
import { createFileKeys, createMemoryKeys } from '../host/ports/keys.ts'
import type { KeyStore } from '../host/ports/keys.ts'

/** Linux without a key ring encrypts with a fixed password, which is none. */
const isReal = (): boolean =>
  safeStorage.isEncryptionAvailable() &&
  (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')

export function systemKeys(folder: string): KeyStore {
  if (!isReal()) return createMemoryKeys()
  const cipher = {
    encrypt: (text: string): Uint8Array => safeStorage.encryptString(text),
    decrypt: (bytes: Uint8Array): string => safeStorage.decryptString(Buffer.from(bytes))
  }
  return createFileKeys(join(folder, 'keys.json'), cipher)
}
