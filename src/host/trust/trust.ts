// What of a workspace holds here. Settings and modules that a person of this machine set or allowed hold as long as they stay what they were; what
// came otherwise (with the folder, by an import, by an edit of the file) is off until somebody allows exactly that.
import { realpathSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { mergeSettings } from '../../contract/misp-settings.ts'
import type { MispSettings } from '../../contract/misp-settings.ts'
import type { OwnSettings } from '../../contract/own-settings.ts'
import type { TrustItem, TrustState } from '../../contract/trust.ts'
import { readModuleFile, moduleFiles } from '../modules/module-file.ts'
import type { Workspace } from '../store/workspace.ts'
import { partsOf, withoutParts } from './parts.ts'
import type { Part, PartKey, Settings } from './parts.ts'
import { TrustStore } from './store.ts'
import type { Identity, TrustRecord } from './store.ts'

/** Names of files and the SHA-256 of what they may hold. */
export type ModulesOn = Readonly<Record<string, string>>

type Decision = 'allowed' | 'declined'
export type TrustChoice = Pick<TrustItem, 'key' | 'hash'>

const moduleKey = (file: string): string => `module:${file}`

export class Trust {
  private readonly store: TrustStore
  private readonly listeners = new Set<() => void>()
  /** One change after the other. */
  private turn: Promise<unknown> = Promise.resolve()

  /** @param folder of the user, where decisions are kept; null: until this process ends */
  constructor(
    private readonly workspace: Workspace,
    folder: string | null,
    private readonly now: () => number = Date.now
  ) {
    this.store = new TrustStore(folder === null ? null : join(folder, 'trust'))
  }

  /** Calls back after each decision and each change of settings. */
  onChange(listener: () => void): void {
    this.listeners.add(listener)
  }

  /** The settings as they hold: what nobody allowed is as if it was not set. */
  get settings(): Settings {
    const record = this.record
    const isOff = partsOf(this.inFile, (key) => knows(record, key)).filter((part) => !allows(record, part))
    return withoutParts(this.inFile, new Set(isOff.map(({ key }) => key)), knows(record, 'hosts'))
  }

  /** ISO time since when a part is allowed as it is; null: it is not. */
  since(key: PartKey): string | null {
    const record = this.record
    const part = partsOf(this.inFile, (one) => knows(record, one)).find((one) => one.key === key)
    return part && allows(record, part) ? (record?.allowed[key]?.at ?? null) : null
  }

  /** Modules that are switched on, and as what. */
  get modulesOn(): ModulesOn {
    const entries = Object.entries(this.record?.allowed ?? {}).flatMap(([key, { hash }]): [string, string][] =>
      key.startsWith('module:') ? [[key.slice('module:'.length), hash]] : []
    )
    return Object.fromEntries(entries)
  }

  async state(): Promise<TrustState> {
    const items = await this.items()
    return { items, waiting: items.filter(({ state, asks }) => asks && state === 'waiting').length }
  }

  /**
   * Allows or declines what was shown.
   * @throws CodedError TRUST_CHANGED when one of them is not there any more as it was
   */
  decide(choices: readonly TrustChoice[], decision: Decision): Promise<TrustState> {
    return this.alone(async () => {
      const items = await this.items()
      const stale = choices.find(({ key, hash }) => !items.some((item) => item.key === key && item.hash === hash))
      if (stale)
        throw new CodedError('TRUST_CHANGED', `${stale.key} has changed since it was shown: review it again.`, {
          place: stale.key
        })
      // A queue that came along would send what was captured long ago.
      if (decision === 'allowed' && choices.some(({ key }) => key === 'forward'))
        await rm(join(this.workspace.folder, 'capture', 'forward.json'), { force: true })
      await this.remember(choices, decision)
      return this.state()
    })
  }

  /**
   * Keeps what a person of this machine chose: it holds without asking. What they did not touch stays as undecided as it was, also where it is one
   * part with what they chose (the port of an address that came along).
   */
  change(change: { readonly own?: OwnSettings; readonly misp?: MispSettings }): Promise<void> {
    return this.alone(async () => {
      const before = this.parts()
      const held = this.settings
      const chosen = this.parts({
        misp: mergeSettings(held.misp, change.misp),
        own: { ...held.own, ...change.own }
      })
      if (change.misp) await this.workspace.saveSettings(change.misp)
      if (change.own) await this.workspace.saveOwn(change.own)
      const isNew = (part: Part): boolean => !has(before, part) && has(chosen, part)
      await this.remember(this.parts().filter(isNew), 'allowed')
    })
  }

  /** Keeps settings that came from elsewhere. */
  async take(misp: MispSettings): Promise<void> {
    await this.workspace.saveSettings(misp)
    this.tell()
  }

  /** Switches a module on as it is (`hash` of its file), or off. */
  switchModule(file: string, hash: string | null): Promise<void> {
    return this.alone(async () => {
      if (hash !== null) return this.remember([{ key: moduleKey(file), hash }], 'allowed')
      const record = this.recordForWriting()
      const { [moduleKey(file)]: _off, ...allowed } = record.allowed
      await this.store.write({ ...record, allowed })
      this.tell()
    })
  }

  private get inFile(): Settings {
    return { misp: this.workspace.settings, own: this.workspace.ownInFile }
  }

  private parts(settings = this.inFile): readonly Part[] {
    const record = this.record
    return partsOf(settings, (key) => knows(record, key))
  }

  private async items(): Promise<readonly TrustItem[]> {
    const record = this.record
    const moved = record === null && (await this.store.hasSeen(this.workspace.id))
    const standing = (key: string, hash: string): Pick<TrustItem, 'state' | 'reason'> => {
      if (record?.allowed[key]?.hash === hash) return { state: 'allowed', reason: null }
      const reason = record?.allowed[key] ? 'changed' : moved ? 'moved' : 'came'
      return { state: record?.declined[key]?.hash === hash ? 'declined' : 'waiting', reason }
    }
    const parts = this.parts().map((part): TrustItem => ({ ...part, ...standing(part.key, part.hash), asks: true }))
    return [...parts, ...(await this.moduleItems(standing))]
  }

  private async moduleItems(
    standing: (key: string, hash: string) => Pick<TrustItem, 'state' | 'reason'>
  ): Promise<readonly TrustItem[]> {
    const folder = join(this.workspace.folder, 'modules')
    const items: TrustItem[] = []
    for (const file of await moduleFiles(folder)) {
      const found = await readModuleFile(folder, file)
      if ('error' in found) continue
      const stands = standing(moduleKey(file), found.sha256)
      const text = `Run the code of modules/${file} in workflows that use it.`
      const asks = stands.reason === 'changed' || stands.reason === 'moved'
      items.push({ key: moduleKey(file), hash: found.sha256, kind: 'runs', text, ...stands, asks })
    }
    return items
  }

  /** Null: the folder is not there any more. */
  private identity(): Identity | null {
    try {
      const folder = realpathSync(this.workspace.folder)
      return { id: this.workspace.id, folder, inode: String(statSync(folder, { bigint: true }).ino) }
    } catch {
      return null
    }
  }

  /** Null: nothing was decided about this very folder. */
  private get record(): TrustRecord | null {
    const identity = this.identity()
    const record = identity && this.store.read(identity)
    return record?.inode === identity?.inode ? record : null
  }

  private recordForWriting(): TrustRecord {
    const identity = this.identity()
    if (identity === null) throw new CodedError('WORKSPACE_NOT_FOUND', 'The workspace folder no longer exists.')
    return this.record ?? { version: 1, ...identity, allowed: {}, declined: {} }
  }

  private async remember(choices: readonly TrustChoice[], decision: Decision): Promise<void> {
    if (choices.length > 0) {
      const record = this.recordForWriting()
      const at = new Date(this.now()).toISOString()
      const decided = Object.fromEntries(choices.map(({ key, hash }) => [key, { hash, at }]))
      const other = decision === 'allowed' ? 'declined' : 'allowed'
      const isDecided = ([key, { hash }]: [string, { hash: string }]): boolean => decided[key]?.hash === hash
      await this.store.write({
        ...record,
        [decision]: { ...record[decision], ...decided },
        // The last word holds.
        [other]: Object.fromEntries(Object.entries(record[other]).filter((entry) => !isDecided(entry)))
      })
    }
    this.tell()
  }

  private alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task, task)
    this.turn = result.catch(() => undefined)
    return result
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}

const has = (parts: readonly Part[], { key, hash }: Part): boolean =>
  parts.some((one) => one.key === key && one.hash === hash)
const knows = (record: TrustRecord | null, key: PartKey): boolean => record?.allowed[key] !== undefined
const allows = (record: TrustRecord | null, { key, hash }: TrustChoice): boolean => record?.allowed[key]?.hash === hash
