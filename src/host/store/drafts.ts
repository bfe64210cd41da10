// drafts/<workflow>.json: what was edited and not yet saved, so that a crash or a closed window loses nothing.
import type { Draft } from '../../contract/editing.ts'
import type { Json } from '../../contract/json.ts'
import { mayBeWritten, removeFile, writeAtomic } from './files.ts'
import { reportOtherId } from './folders.ts'
import { currentVersion } from './migrations.ts'
import { pathOf } from './paths.ts'
import { readOrReport, type Care } from './reading.ts'
import { draftShape } from './schemas.ts'

interface DraftFile extends Draft {
  readonly format: 'retrace.draft'
  readonly version: number
}

export class Drafts {
  /** Writes of one draft go one after another; of those that wait only the last one counts. */
  readonly #writing = new Map<string, Promise<unknown>>()
  /** Drafts whose file is one of ours, or not there: it may be replaced. */
  readonly #known = new Set<string>()

  constructor(
    private readonly folder: string,
    private readonly care: Care
  ) {}

  #file(workflowId: string): string {
    return pathOf(this.folder, workflowId, '.json')
  }

  /** Null without one. One that cannot be read is reported and kept, and counts as none. */
  async get(workflowId: string): Promise<Draft | null> {
    const name = `drafts/${workflowId}.json`
    const read = await readOrReport(this.#file(workflowId), draftShape, this.care, { name })
    this.#known.add(workflowId)
    if (read === null) return null
    reportOtherId(name, read.workflowId, workflowId, this.care.report)
    const { base, at, workflow } = read
    return { workflowId, base, at, workflow }
  }

  save(workflowId: string, base: number, workflow: Json): Promise<string> {
    return this.#inTurn(workflowId, async () => {
      if (!this.#known.has(workflowId)) await this.get(workflowId)
      const at = new Date().toISOString()
      const file: DraftFile = {
        format: 'retrace.draft',
        version: currentVersion('draft'),
        ...{ workflowId, base, at, workflow }
      }
      await writeAtomic(this.#file(workflowId), JSON.stringify(file) + '\n')
      return at
    })
  }

  discard(workflowId: string): Promise<void> {
    return this.#inTurn(workflowId, async () => {
      if (!this.#known.has(workflowId)) await this.get(workflowId)
      // A newer Retrace's one is not ours to remove.
      if (!mayBeWritten(this.#file(workflowId))) return
      await removeFile(this.#file(workflowId))
    })
  }

  #inTurn<T>(workflowId: string, work: () => Promise<T>): Promise<T> {
    const next = (this.#writing.get(workflowId) ?? Promise.resolve()).then(work, work)
    this.#writing.set(
      workflowId,
      next.catch(() => undefined)
    )
    return next
  }
}
