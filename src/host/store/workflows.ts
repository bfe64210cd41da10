// Workflows of the workspace: every save is a new file, so that no version is ever lost.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { mapOrNull, type Json } from '../../contract/json.ts'
import type { WorkflowDetail, WorkflowSummary } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { workflowGraph, workflowRow } from '../../engine/graph/document.ts'
import { refuseLongWorkflow } from '../../engine/graph/count-nodes.ts'
import { writePreserving } from '../../engine/format/preserve-text.ts'
import { entries } from '../../engine/php/values.ts'
import { forgetReading, isThereSync, moveFile, writeAtomic } from './files.ts'
import { namesIn, reportOtherId } from './folders.ts'
import { currentVersion } from './migrations.ts'
import { isPlainName, isSameName, pathOf } from './paths.ts'
import { keep, readStored, type Care } from './reading.ts'
import { workflowShape } from './schemas.ts'

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

  /** The highest number that a file has, also one that cannot be read: a new version never takes its place. */
  readonly #last = new Map<string, number>()

  private constructor(
    folder: string,
    private readonly care: Care
  ) {
    this.#folder = folder
  }

  static async open(folder: string, care: Care): Promise<Workflows> {
    const workflows = new Workflows(folder, care)
    for (const id of (await namesIn(folder, 'workflows', care.report)).sort()) await workflows.#readFolder(id)
    return workflows
  }

  async #readFolder(id: string): Promise<void> {
    const info = await lstat(join(this.#folder, id)).catch(() => null)
    const isFolder = info?.isDirectory() === true
    // Files beside the folders are nobody's workflows; `.bad` ones were reported when they were put aside.
    if (isFolder ? isPlainName(id) : !info?.isSymbolicLink()) return isFolder ? this.#readVersions(id) : undefined
    const why = isFolder ? 'not every system allows a folder of that name' : 'it is a link'
    const message = `workflows/${id} is not read: ${why}.`
    this.care.report({ file: `workflows/${id}`, code: 'STORE_FILE_UNREADABLE', message, keptAs: null })
  }

  async #readVersions(id: string): Promise<void> {
    const versions: WorkflowFile[] = []
    this.#last.delete(id)
    for (const name of await namesIn(join(this.#folder, id), `workflows/${id}`, this.care.report)) {
      const number = Number(/^([1-9]\d{0,8})\.json$/.exec(name)?.[1])
      // One that was put aside keeps its number.
      const used = Number(/^([1-9]\d{0,8})\.json/.exec(name)?.[1] ?? 0)
      this.#last.set(id, Math.max(used, this.#last.get(id) ?? 0))
      if (Number.isNaN(number)) continue
      const read = await this.#readVersion(id, number)
      if (read !== null) versions.push(read)
    }
    versions.sort((a, b) => a.number - b.number)
    if (versions.length > 0) this.#byId.set(id, versions)
  }

  async #readVersion(id: string, number: number): Promise<WorkflowFile | null> {
    const file = join(this.#folder, id, `${number}.json`)
    const name = `workflows/${id}/${number}.json`
    try {
      forgetReading(file)
      const read = await readStored(file, workflowShape, { name })
      if (read === null) return null
      reportOtherId(name, read.id, id, this.care.report)
      reportOtherId(name, read.number, number, this.care.report)
      return { ...(read as unknown as WorkflowFile), id, number }
    } catch (error) {
      const problem = await keep(file, error, this.care, name)
      const code = problem.code === 'STORE_VERSION_UNKNOWN' ? problem.code : 'STORE_FILE_UNREADABLE'
      this.#unreadable.set(id, new CodedError(code, problem.message, { file: name }))
      this.care.report(problem)
      return null
    }
  }

  list(): readonly WorkflowSummary[] {
    return [...this.#byId.values()]
      .map((versions) => summaryOf(versions.at(-1) as WorkflowFile))
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  /** The one that has the uuid of a workflow, in its newest version. */
  withUuid(workflow: Json): WorkflowSummary | undefined {
    const uuid = uuidOf(workflow)
    if (uuid === null) return undefined
    const found = [...this.#byId.values()].find(
      (versions) => uuidOf((versions.at(-1) as WorkflowFile).workflow) === uuid
    )
    return found && summaryOf(found.at(-1) as WorkflowFile)
  }

  /** The one that has its uuid; when one of both has none, the one that has its name. */
  like(workflow: Json, name: string): WorkflowSummary | undefined {
    const same = this.withUuid(workflow)
    if (same !== undefined) return same
    const hasUuid = uuidOf(workflow) !== null
    return this.list().find((one) => one.name === name && !(hasUuid && uuidOf(this.get(one.id).workflow) !== null))
  }

  get(id: string, number?: number): WorkflowDetail {
    const versions = this.#byId.get(id)
    const file = number === undefined ? versions?.at(-1) : versions?.find((version) => version.number === number)
    const unreadable = versions ? undefined : this.#unreadable.get(id)
    if (unreadable) throw unreadable
    if (!versions || !file)
      throw new CodedError(
        'WORKFLOW_NOT_FOUND',
        `There is no workflow “${id}”${number ? ` in version ${number}` : ''}.`
      )
    return {
      ...summaryOf(file),
      workflow: file.workflow,
      versions: versions.map(({ number: version, savedAt, note }) => ({ version, savedAt, note }))
    }
  }

  /** Ids in the bin stay taken, so that what is restored finds its place; so do those of folders that cannot be read. */
  isTaken(id: string): boolean {
    return (
      addresses.includes(id) ||
      [...this.#byId.keys()].some((known) => isSameName(known, id)) ||
      isThereSync(pathOf(this.#folder, id)) ||
      isThereSync(pathOf(join(this.#folder, '.bin'), id))
    )
  }

  /** Moves a workflow with its versions into the bin (workflows/.bin). */
  async bin(id: string): Promise<WorkflowSummary> {
    const { workflow: _workflow, versions: _versions, ...summary } = this.get(id)
    // A demonstration can be brought in again under the id of one that is in the bin.
    await moveFile(pathOf(this.#folder, id), pathOf(join(this.#folder, '.bin'), id))
    this.#byId.delete(id)
    return summary
  }

  /** Takes it out of the bin. Throws WORKFLOW_NOT_FOUND. */
  async restore(id: string): Promise<WorkflowSummary> {
    const none = new CodedError('WORKFLOW_NOT_FOUND', `The bin has no workflow “${id}”.`)
    if (!isPlainName(id)) throw none
    const [from, to] = [pathOf(join(this.#folder, '.bin'), id), pathOf(this.#folder, id)]
    if (!isThereSync(from) || isThereSync(to)) throw none
    await moveFile(from, to)
    await this.#readVersions(id)
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
    if (versions.length === 0) this.#assertOwnName(id)
    const printed = JSON.stringify(workflow)
    refuseLongWorkflow(Math.max(printed.length, text?.length ?? 0), 'the workflow')
    const before = versions.findLast((version) => version.text !== undefined)?.text
    const kept = text ?? (before === undefined ? undefined : writePreserving(before, workflow))
    const file: WorkflowFile = {
      format: 'retrace.workflow',
      version: currentVersion('workflow'),
      id,
      number: Math.max(versions.at(-1)?.number ?? 0, this.#last.get(id) ?? 0) + 1,
      savedAt: new Date().toISOString(),
      note,
      workflow,
      ...(kept !== undefined && kept !== printed ? { text: kept } : {})
    }
    await writeAtomic(join(pathOf(this.#folder, id), `${file.number}.json`), JSON.stringify(file, null, 1) + '\n')
    this.#byId.set(id, [...versions, file])
    return summaryOf(file)
  }

  /** Where capitals do not count, another spelling would be the same folder. Throws PARAMS_INVALID. */
  #assertOwnName(id: string): void {
    const other = [...this.#byId.keys()].find((known) => isSameName(known, id))
    if (other !== undefined)
      throw new CodedError(
        'PARAMS_INVALID',
        `There is a workflow “${other}”: “${id}” would be the same file on some systems.`
      )
  }
}

function uuidOf(workflow: Json): string | null {
  const uuid = workflowRow(workflow)?.uuid
  return typeof uuid === 'string' && uuid !== '' ? uuid.toLowerCase() : null
}

function summaryOf(file: WorkflowFile): WorkflowSummary {
  const name = workflowRow(file.workflow)?.name
  const nodes = entries(workflowGraph(file.workflow) as Json).flatMap(([key, node]) =>
    key === '_frames' ? [] : [node]
  )
  const trigger = nodes
    .map((node) => mapOrNull(mapOrNull(node)?.data) ?? {})
    .find((data) => data.module_type === 'trigger')
  return {
    id: file.id,
    name: typeof name === 'string' ? name : file.id,
    trigger: typeof trigger?.id === 'string' ? trigger.id : null,
    nodes: nodes.length,
    version: file.number,
    savedAt: file.savedAt,
    note: file.note
  }
}
