// A workspace is a folder:
//   catalogue.json              settings and the workspace's name
//   workflows/<id>/<n>.json     one file a version of a workflow
//   data/<id>.json              a data set, byte for byte as it came; data/<id>.meta.json says what it is
//   runs/<id>.ndjson            a local run; runs/index.ndjson what is known of all runs
//   capture/                    raw posts (host/capture)
//   modules/                    custom modules
// One process writes it (workspace.lock); another one opens it read-only.
import { basename, join, resolve } from 'node:path'
import type { JsonMap } from '../../contract/json.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { WorkspaceInfo, WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { RunIndex } from '../runs/run-index.ts'
import { openCatalogue } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import { DataSets } from './data-sets.ts'
import { makeFolders, makeRoot } from './folders.ts'
import { acquireLock } from './lock.ts'
import type { WorkspaceLock } from './lock.ts'
import { pathOf } from './paths.ts'
import type { Care } from './reading.ts'
import { Workflows } from './workflows.ts'

export interface WorkspaceEvents {
  readonly runsChanged: (changed: readonly RunSummary[], removed: readonly string[]) => void
  readonly problem: (problem: WorkspaceProblem) => void
  readonly changed: () => void
}

const quiet: WorkspaceEvents = { runsChanged: () => undefined, problem: () => undefined, changed: () => undefined }

export class Workspace {
  readonly folder: string
  readonly problems: WorkspaceProblem[] = []
  /** For files that are read when somebody asks for them. */
  readonly care: Care
  #writable: boolean
  #heldBy: string | null

  private constructor(
    folder: string,
    readonly lock: WorkspaceLock,
    private readonly parts: { catalogue: Catalogue; runs: RunIndex; workflows: Workflows; data: DataSets },
    state: {
      readonly writable: () => boolean
      readonly problems: WorkspaceProblem[]
      readonly lost: { onLost: () => void }
      readonly care: Care
    },
    events: WorkspaceEvents
  ) {
    this.folder = folder
    this.problems = state.problems
    this.care = state.care
    this.#writable = lock.held
    this.#heldBy = lock.heldBy
    state.lost.onLost = () => {
      this.#writable = false
      this.#heldBy = 'another Retrace, which took over'
      events.changed()
    }
  }

  /** Opens the folder as a workspace, creating what is missing. Never throws for files that cannot be read: they become problems. */
  static async open(
    folder: string,
    options: { readonly readOnly?: boolean; readonly events?: Partial<WorkspaceEvents> } = {}
  ): Promise<Workspace> {
    const root = resolve(folder)
    const events = { ...quiet, ...options.events }
    if (!options.readOnly) await makeRoot(root)
    const lost = { onLost: () => undefined as void }
    const lock = options.readOnly
      ? { held: false, heldBy: 'this instance (opened read-only)', release: () => undefined }
      : acquireLock(root, () => lost.onLost())
    const problems: WorkspaceProblem[] = []
    const report = (problem: WorkspaceProblem): void => {
      problems.push(problem)
      events.problem(problem)
    }
    let workspace: Workspace | null = null
    const writable = (): boolean => workspace?.writable ?? lock.held
    const care: Care = { writable, report }
    if (lock.held) await makeFolders(root, report)
    const parts = {
      catalogue: await openCatalogue(join(root, 'catalogue.json'), basename(root) || 'workspace', care),
      runs: await RunIndex.open({ folder: join(root, 'runs'), onChange: events.runsChanged }, care),
      workflows: await Workflows.open(join(root, 'workflows'), care),
      data: await DataSets.open(join(root, 'data'), care)
    }
    workspace = new Workspace(root, lock, parts, { writable, problems, lost, care }, events)
    return workspace
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
  get writable(): boolean {
    return this.#writable
  }
  get settings(): JsonMap {
    return this.parts.catalogue.data.settings
  }

  runFile(runId: string): string {
    return pathOf(join(this.folder, 'runs'), runId, '.ndjson')
  }

  async saveSettings(settings: JsonMap): Promise<JsonMap> {
    this.assertWritable()
    this.parts.catalogue.data.settings = { ...this.settings, ...settings }
    await this.parts.catalogue.write()
    return this.settings
  }

  /** Throws WORKSPACE_READ_ONLY when another instance holds the workspace. */
  assertWritable(): void {
    if (!this.#writable)
      throw new CodedError(
        'WORKSPACE_READ_ONLY',
        `The workspace is read-only here: ${this.#heldBy ?? 'another instance'} has it open.`
      )
  }

  info(): WorkspaceInfo {
    return {
      name: this.parts.catalogue.data.name,
      folder: this.folder,
      writable: this.#writable,
      heldBy: this.#writable ? null : this.#heldBy,
      runs: this.runs.size,
      workflows: this.workflows.list().length,
      dataSets: this.data.list().length,
      problems: this.problems
    }
  }

  async close(): Promise<void> {
    await this.runs.flush()
    this.lock.release()
  }
}
