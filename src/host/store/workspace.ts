// A workspace is a folder:
//   catalogue.json              the workspace's identity and name, settings
//   workflows/<id>/<n>.json     one file a version of a workflow
//   data/<id>.json              a data set, byte for byte as it came; data/<id>.meta.json says what it is
//   runs/<id>.ndjson            a local run; runs/index.ndjson what is known of all runs
//   capture/                    raw posts (host/capture)
//   modules/                    custom modules
// One process writes it (workspace.lock); another one opens it read-only.
import { basename, join, resolve } from 'node:path'
import { mergeSettings } from '../../contract/misp-settings.ts'
import type { MispSettings } from '../../contract/misp-settings.ts'
import type { OwnSettings } from '../../contract/own-settings.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { WorkspaceInfo, WorkspaceProblem } from '../../contract/workspace.ts'
import { RunIndex } from '../runs/run-index.ts'
import { openCatalogue } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import { DataSets } from './data-sets.ts'
import { isThereSync } from './files.ts'
import { makeFolders, makeRoot } from './folders.ts'
import { Hold } from './hold.ts'
import { acquireLock } from './lock.ts'
import type { LockOptions, WorkspaceLock } from './lock.ts'
import { pathOf } from './paths.ts'
import { Problems } from './problems.ts'
import type { Care } from './reading.ts'
import type { StoredVersions } from './schemas.ts'
import { profileOfWorkspace } from './versions.ts'
import { Workflows } from './workflows.ts'

/** Whether there is anything of a workspace in the folder. */
export const isWorkspace = (root: string): boolean =>
  ['catalogue.json', 'workflows', 'capture', 'runs'].some((part) => isThereSync(join(root, part)))

export interface WorkspaceEvents {
  readonly runsChanged: (changed: readonly RunSummary[], removed: readonly string[]) => void
  readonly problem: (problem: WorkspaceProblem) => void
  readonly changed: () => void
}

const quiet: WorkspaceEvents = { runsChanged: () => undefined, problem: () => undefined, changed: () => undefined }

export class Workspace {
  readonly folder: string

  private constructor(
    folder: string,
    private readonly lock: WorkspaceLock,
    private readonly parts: { catalogue: Catalogue; runs: RunIndex; workflows: Workflows; data: DataSets },
    private readonly found: Problems,
    /** For files that are read when somebody asks for them. */
    readonly care: Care
  ) {
    this.folder = folder
  }

  /** Opens the folder as a workspace, creating what is missing. Never throws for files that cannot be read: they become problems. */
  static async open(
    folder: string,
    options: {
      readonly readOnly?: boolean | string
      readonly events?: Partial<WorkspaceEvents>
      readonly lock?: Omit<LockOptions, 'onLost'>
    } = {}
  ): Promise<Workspace> {
    const root = resolve(folder)
    const events = { ...quiet, ...options.events }
    if (!options.readOnly) await makeRoot(root)
    // Before, nobody has anything that could change.
    let isOpen = false
    const onLost = (): void => {
      if (isOpen) events.changed()
    }
    const lock = options.readOnly
      ? readOnlyLock(root, options.readOnly)
      : await acquireLock(root, { ...options.lock, onLost })
    try {
      const workspace = await Workspace.#read(root, lock, events)
      isOpen = true
      return workspace
    } catch (error) {
      lock.release()
      throw error
    }
  }

  static async #read(root: string, lock: WorkspaceLock, events: WorkspaceEvents): Promise<Workspace> {
    const { hold } = lock
    const problems = new Problems()
    const report = (problem: WorkspaceProblem): void => events.problem(problems.add(problem))
    const isNew = !isWorkspace(root)
    const care: Care = { writable: () => hold.writable, report }
    if (hold.writable) await makeFolders(root, report)
    const parts = {
      catalogue: await openCatalogue(join(root, 'catalogue.json'), basename(root) || 'workspace', care, isNew),
      runs: await RunIndex.open({ folder: join(root, 'runs'), onChange: events.runsChanged }, care),
      workflows: await Workflows.open(join(root, 'workflows'), care),
      data: await DataSets.open(join(root, 'data'), care)
    }
    return new Workspace(root, lock, parts, problems, care)
  }

  /** What is wrong with it: `care.report` adds to it. */
  get problems(): readonly WorkspaceProblem[] {
    return this.found.list
  }
  get runs(): RunIndex {
    return this.parts.runs
  }
  get workflows(): Workflows {
    return this.parts.workflows
  }
  get data(): DataSets {
    return this.parts.data
  }
  /** The right to write it. */
  get hold(): Hold {
    return this.lock.hold
  }
  /** As last seen. */
  get writable(): boolean {
    return this.hold.writable
  }
  /** Told from other workspaces by it; a copy has the same one. */
  get id(): string {
    return this.parts.catalogue.data.id
  }
  /** MISP's settings. */
  get settings(): MispSettings {
    return this.parts.catalogue.data.settings
  }
  /** Retrace's own, as they stand in the file: what of them holds is said by host/trust. */
  get ownInFile(): OwnSettings {
    return this.parts.catalogue.data.own
  }

  get versions(): StoredVersions {
    return this.parts.catalogue.data.versions ?? {}
  }

  runFile(runId: string): string {
    return pathOf(join(this.folder, 'runs'), runId, '.ndjson')
  }

  async saveSettings(settings: MispSettings): Promise<MispSettings> {
    this.assertWritable()
    this.parts.catalogue.data.settings = mergeSettings(this.settings, settings)
    await this.parts.catalogue.write()
    return this.settings
  }

  async saveOwn(own: OwnSettings): Promise<void> {
    this.assertWritable()
    this.parts.catalogue.data.own = { ...this.ownInFile, ...own }
    await this.parts.catalogue.write()
  }

  async saveVersions(versions: StoredVersions): Promise<void> {
    this.assertWritable()
    this.parts.catalogue.data.versions = versions
    await this.parts.catalogue.write()
  }

  /** Throws WORKSPACE_READ_ONLY when another instance holds the workspace, or it was lost, moved or deleted meanwhile. */
  assertWritable(): void {
    this.hold.check()
  }

  /** A folder that is gone has no empty lists: who lists files there looks first. Throws WORKSPACE_READ_ONLY. */
  assertThere(): void {
    if (this.hold.ticket !== null && !isThereSync(this.folder)) this.hold.check()
  }

  info(): WorkspaceInfo {
    return {
      name: this.parts.catalogue.data.name,
      folder: this.folder,
      writable: this.writable,
      heldBy: this.hold.heldBy,
      readOnly: this.hold.reason,
      runs: this.runs.size,
      workflows: this.workflows.list().length,
      dataSets: this.data.list().length,
      profile: profileOfWorkspace(this.versions),
      problems: this.problems
    }
  }

  /** It will be closed soon: a start that meets it waits. */
  ending(): void {
    this.lock.ending()
  }

  /** Where other processes can speak to this one. */
  announce(socket: string): void {
    this.lock.announce(socket)
  }

  async close(): Promise<void> {
    await this.runs.flush()
    this.lock.release()
  }
}

function readOnlyLock(root: string, why: string | true): WorkspaceLock {
  const hold = Hold.refused(root, why === true ? 'it was opened so' : why, null)
  return { hold, ending: () => undefined, announce: () => undefined, release: () => hold.end() }
}
