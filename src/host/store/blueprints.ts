// blueprints/<uuid>.json: blueprints in MISP's format, each with the text it came in. MISP's rules: the uuid names a blueprint, a newer
// timestamp replaces it, those of the repository are default ones (WorkflowBlueprint::update).
import { join } from 'node:path'
import type { BlueprintDetail, BlueprintImport, BlueprintSummary } from '../../contract/editing.ts'
import { CodedError } from '../../contract/errors.ts'
import { plainNumber, plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { writePreserving } from '../../engine/format/preserve-text.ts'
import { importReport } from '../../engine/check/import-report.ts'
import { mermaid } from '../../engine/graph/mermaid.ts'
import type { ModuleTable } from '../../engine/modules/table.ts'
import { moduleOf, nodesOf } from '../../engine/graph/nodes.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { createPauses } from '../pauses.ts'
import { moveFile, writeAtomic } from './files.ts'
import { idsIn, reportOtherId } from './folders.ts'
import { currentVersion } from './migrations.ts'
import type { BlueprintDefaults } from './parse-blueprint.ts'
import { pathOf } from './paths.ts'
import { readOrReport, type Care } from './reading.ts'
import { blueprintShape } from './schemas.ts'

interface BlueprintFile {
  readonly format: 'retrace.blueprint'
  readonly version: number
  readonly default: boolean
  /** `WorkflowBlueprint` as it came. */
  readonly blueprint: JsonMap
  readonly text: string | null
}

export interface BlueprintPorts {
  readonly uuid: () => string
  /** Unix seconds. */
  readonly now: () => number
  /** Modules of the MISP that the workspace is treated as. */
  readonly modules: () => ModuleTable
}

/** In whatever thread. Throws as `parseBlueprint` does. */
export type ParseBlueprint = (text: string, name: string, defaults: BlueprintDefaults) => Promise<JsonMap>

export class Blueprints {
  readonly #byUuid = new Map<string, BlueprintFile>()

  private constructor(
    private readonly folder: string,
    private readonly ports: BlueprintPorts
  ) {}

  static async open(folder: string, ports: BlueprintPorts, care: Care): Promise<Blueprints> {
    const blueprints = new Blueprints(folder, ports)
    for (const uuid of await idsIn(folder, 'blueprints', '.json', care.report)) {
      const name = `blueprints/${uuid}.json`
      const read = await readOrReport(pathOf(folder, uuid, '.json'), blueprintShape, care, { name })
      if (read === null) continue
      const said = read.blueprint.uuid
      reportOtherId(name, typeof said === 'string' ? said.toLowerCase() : said, uuid.toLowerCase(), care.report)
      blueprints.#byUuid.set(uuid, read as unknown as BlueprintFile)
    }
    return blueprints
  }

  list(): readonly BlueprintSummary[] {
    return [...this.#byUuid]
      .map(([uuid, file]) => summaryOf(uuid, file, this.ports.modules()))
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  #require(uuid: string): BlueprintFile {
    const file = this.#byUuid.get(uuid.toLowerCase())
    if (!file) throw new CodedError('BLUEPRINT_NOT_FOUND', `There is no blueprint ${uuid}.`)
    return file
  }

  get(uuid: string): BlueprintDetail {
    const file = this.#require(uuid)
    return {
      ...summaryOf(uuid.toLowerCase(), file, this.ports.modules()),
      blueprint: { WorkflowBlueprint: file.blueprint }
    }
  }

  /** The text as it came, or as MISP would write it. */
  textOf(uuid: string): string {
    const { text, blueprint } = this.#require(uuid)
    return text ?? JSON.stringify({ WorkflowBlueprint: blueprint }, null, 4)
  }

  async import(
    files: readonly { readonly name: string; readonly text: string }[],
    { repository, force }: { readonly repository: boolean; readonly force: boolean },
    parse: ParseBlueprint
  ): Promise<BlueprintImport> {
    const added: BlueprintSummary[] = []
    const updated: BlueprintSummary[] = []
    const unchanged: BlueprintSummary[] = []
    const failed: { name: string; message: string }[] = []
    const pause = createPauses()
    for (const { name, text } of files) {
      await pause()
      try {
        const blueprint = await parse(text, name, { uuid: this.ports.uuid(), now: this.ports.now() })
        const uuid = String(blueprint.uuid)
        const known = this.#byUuid.get(uuid)
        if (known && !force && timestampOf(blueprint) <= timestampOf(known.blueprint)) {
          unchanged.push(summaryOf(uuid, known, this.ports.modules()))
          continue
        }
        const kept = await this.#put(uuid, { blueprint, text, default: repository })
        ;(known ? updated : added).push(kept)
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        failed.push({ name, message: error.message })
      }
    }
    return { added, updated, unchanged, failed }
  }

  /** A blueprint out of nodes; with a `uuid` that is known, the next state of that one. */
  async save(
    uuid: string | undefined,
    { name, description, nodes }: { readonly name: string; readonly description: string; readonly nodes: Json }
  ): Promise<BlueprintSummary> {
    const list = nodesOf(graphOf(nodes)).map(({ node }) => node)
    const known = uuid === undefined ? undefined : this.#require(uuid)
    const blueprint: JsonMap = {
      ...(known?.blueprint ?? { id: '0' }),
      uuid: uuid?.toLowerCase() ?? this.ports.uuid(),
      name,
      description,
      timestamp: String(this.ports.now()),
      data: list,
      default: false,
      mermaid: mermaid(list as unknown as RawGraph, this.ports.modules().find)
    }
    parseWorkflow({ WorkflowBlueprint: blueprint }, name)
    const text = known?.text ? writePreserving(known.text, { WorkflowBlueprint: blueprint }) : null
    return this.#put(String(blueprint.uuid), { blueprint, text, default: false })
  }

  /** Into blueprints/.bin: nothing is removed from disk. */
  async delete(uuid: string): Promise<void> {
    this.#require(uuid)
    const name = `${uuid.toLowerCase()}.json`
    await moveFile(join(this.folder, name), join(this.folder, '.bin', name))
    this.#byUuid.delete(uuid.toLowerCase())
  }

  async #put(uuid: string, content: Omit<BlueprintFile, 'format' | 'version'>): Promise<BlueprintSummary> {
    const file: BlueprintFile = { format: 'retrace.blueprint', version: currentVersion('blueprint'), ...content }
    await writeAtomic(pathOf(this.folder, uuid, '.json'), JSON.stringify(file, null, 1) + '\n')
    this.#byUuid.set(uuid, file)
    return summaryOf(uuid, file, this.ports.modules())
  }
}

const graphOf = (data: Json | undefined): RawGraph =>
  (typeof data === 'object' && data !== null ? data : []) as unknown as RawGraph

/** Unix seconds; 0 for what is no time. */
function timestampOf({ timestamp }: JsonMap): number {
  const seconds = Math.trunc(plainNumber(timestamp ?? 0))
  return Math.abs(seconds) <= 8.64e12 ? seconds : 0
}

function summaryOf(
  uuid: string,
  { blueprint, default: isDefault }: BlueprintFile,
  modules: ModuleTable
): BlueprintSummary {
  const graph = graphOf(blueprint.data)
  const nodes = nodesOf(graph)
  return {
    uuid,
    name: plainText(blueprint.name ?? uuid),
    description: typeof blueprint.description === 'string' ? blueprint.description : '',
    timestamp: timestampOf(blueprint),
    default: isDefault,
    nodes: nodes.length,
    modules: nodes.map(({ node }) => moduleOf(node).id),
    report: importReport(graph, modules.find)
  }
}
