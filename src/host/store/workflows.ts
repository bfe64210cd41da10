// Workflows of the workspace: every save is a new file, so that no version is ever lost.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { WorkflowDetail, WorkflowSummary, WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { writePreserving } from '../../engine/format/preserve-text.ts'
import { putAside, readJson, writeAtomic } from './files.ts'
import { currentVersion, migrate } from './migrations.ts'

interface WorkflowFile {
  readonly format: 'retrace.workflow'
  readonly version: number
  readonly id: string
  /** Which save this is, from 1. */
  readonly number: number
  readonly savedAt: string
  readonly note: string
  readonly workflow: Json
  /** The text as it was imported, when printing `workflow` again would give another one. */
  readonly text?: string
}

/** Pages beside those of workflows (`#/workflows/run`): a workflow of such an id could not be opened. */
const addresses = ['blueprints', 'new', 'run']

export class Workflows {
  readonly #byId = new Map<string, WorkflowFile[]>()
  /** Why workflows of which no version could be read are not there. */
  readonly #unreadable = new Map<string, CodedError>()
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string, report: (problem: WorkspaceProblem) => void): Promise<Workflows> {
    const workflows = new Workflows(folder)
    if (!existsSync(folder)) return workflows
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== '.bin') await workflows.#readVersions(entry.name, report)
    }
    return workflows
  }

  async #readVersions(id: string, report: (problem: WorkspaceProblem) => void): Promise<void> {
    const versions: WorkflowFile[] = []
    for (const name of await readdir(join(this.#folder, id))) {
      if (!/^\d+\.json$/.test(name)) continue
      const file = join(this.#folder, id, name)
      try {
        versions.push(migrate('workflow', await readJson(file), `workflows/${id}/${name}`) as unknown as WorkflowFile)
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        const keptAs = error.details?.keptAs as string | undefined
        const problem =
          keptAs || error.code === 'STORE_VERSION_UNKNOWN'
            ? { code: error.code, message: error.message, keptAs: keptAs ?? null }
            : await putAside(file, error.message)
        // The folder tells whose `1.json` it is.
        const shown = `workflows/${id}/${name}`
        const message = problem.message.startsWith(name) ? problem.message.replace(name, shown) : problem.message
        this.#unreadable.set(
          id,
          new CodedError(error.code === 'STORE_VERSION_UNKNOWN' ? error.code : 'STORE_FILE_UNREADABLE', message, {
            file: shown
          })
        )
        report({ ...problem, file: shown, message })
      }
    }
    versions.sort((a, b) => a.number - b.number)
    if (versions.length > 0) this.#byId.set(id, versions)
  }

  list(): readonly WorkflowSummary[] {
    return [...this.#byId.values()]
      .map((versions) => summaryOf(versions.at(-1) as WorkflowFile))
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  get(id: string, number?: number): WorkflowDetail {
    const versions = this.#byId.get(id)
    const file = number === undefined ? versions?.at(-1) : versions?.find((version) => version.number === number)
    const unreadable = versions ? undefined : this.#unreadable.get(id)
    if (unreadable) throw unreadable
    if (!versions || !file)
      throw new CodedError(
        'WORKFLOW_NOT_FOUND',
        `There is no workflow "${id}"${number ? ` in version ${number}` : ''}.`
      )
    return {
      ...summaryOf(file),
      workflow: file.workflow,
      versions: versions.map(({ number: version, savedAt, note }) => ({ version, savedAt, note }))
    }
  }

  /** Ids in the bin stay taken, so that what is restored finds its place. */
  isTaken(id: string): boolean {
    return addresses.includes(id) || this.#byId.has(id) || existsSync(join(this.#folder, '.bin', id))
  }

  /** Moves a workflow with its versions into the bin (workflows/.bin). */
  async bin(id: string): Promise<WorkflowSummary> {
    const { workflow: _workflow, versions: _versions, ...summary } = this.get(id)
    const target = join(this.#folder, '.bin', id)
    await mkdir(join(this.#folder, '.bin'), { recursive: true })
    // A demonstration can be brought in again under the id of one that is in the bin.
    for (let n = 1; existsSync(target); n++) if (!existsSync(`${target}~${n}`)) await rename(target, `${target}~${n}`)
    await rename(join(this.#folder, id), target)
    this.#byId.delete(id)
    return summary
  }

  /** Takes it out of the bin. Throws WORKFLOW_NOT_FOUND. */
  async restore(id: string): Promise<WorkflowSummary> {
    const from = join(this.#folder, '.bin', id)
    if (!/^[\w.-]+$/.test(id) || id.startsWith('.') || !existsSync(from) || existsSync(join(this.#folder, id)))
      throw new CodedError('WORKFLOW_NOT_FOUND', `The bin has no workflow "${id}".`)
    await rename(from, join(this.#folder, id))
    await this.#readVersions(id, () => undefined)
    const { workflow: _workflow, versions: _versions, ...summary } = this.get(id)
    return summary
  }

  /** A version as MISP would import it: the text as it came, changed only where the workflow was. */
  textOf(id: string, number?: number): string {
    const { version, workflow } = this.get(id, number)
    return this.#byId.get(id)?.find((file) => file.number === version)?.text ?? JSON.stringify(workflow, null, 4)
  }

  /** Keeps a new version. `text` is kept when the JSON printed again would differ from it; without one, that of the version before goes on. */
  async save(id: string, workflow: Json, note: string, text?: string): Promise<WorkflowSummary> {
    const versions = this.#byId.get(id) ?? []
    const before = versions.findLast((version) => version.text !== undefined)?.text
    const kept = text ?? (before === undefined ? undefined : writePreserving(before, workflow))
    const file: WorkflowFile = {
      format: 'retrace.workflow',
      version: currentVersion('workflow'),
      id,
      number: (versions.at(-1)?.number ?? 0) + 1,
      savedAt: new Date().toISOString(),
      note,
      workflow,
      ...(kept !== undefined && kept !== JSON.stringify(workflow) ? { text: kept } : {})
    }
    await writeAtomic(join(this.#folder, id, `${file.number}.json`), JSON.stringify(file, null, 1) + '\n')
    this.#byId.set(id, [...versions, file])
    return summaryOf(file)
  }
}

function summaryOf(file: WorkflowFile): WorkflowSummary {
  const outer = asMap(file.workflow)
  const row = outer.Workflow === undefined ? outer : asMap(outer.Workflow)
  const graph = row.data ?? row
  const nodes = (
    Array.isArray(graph)
      ? graph
      : Object.entries(asMap(graph)).flatMap(([key, node]) => (key === '_frames' ? [] : [node as Json]))
  ) as readonly Json[]
  const trigger = nodes.map((node) => asMap(asMap(node).data)).find((data) => data.module_type === 'trigger')
  return {
    id: file.id,
    name: typeof row.name === 'string' ? row.name : file.id,
    trigger: typeof trigger?.id === 'string' ? trigger.id : null,
    nodes: nodes.length,
    version: file.number,
    savedAt: file.savedAt,
    note: file.note
  }
}

const empty: JsonMap = {}
const asMap = (value: Json | undefined): JsonMap =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : empty
