// drafts/<workflow>.json: what was edited and not yet saved, so that a crash or a closed window loses nothing.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { Draft } from '../../contract/editing.ts'
import type { Json } from '../../contract/json.ts'
import { readJson, writeAtomic } from './files.ts'
import { currentVersion, migrate } from './migrations.ts'

interface DraftFile extends Draft {
  readonly format: 'retrace.draft'
  readonly version: number
}

export class Drafts {
  /** Writes of one draft go one after another; of those that wait only the last one counts. */
  readonly #writing = new Map<string, Promise<unknown>>()

  constructor(private readonly folder: string) {}

  #file(workflowId: string): string {
    return join(this.folder, `${workflowId}.json`)
  }

  /** Null without one. One that cannot be read is kept as `.bad` and counts as none. */
  async get(workflowId: string): Promise<Draft | null> {
    try {
      const raw = await readJson(this.#file(workflowId))
      if (raw === null) return null
      const { base, at, workflow } = migrate('draft', raw, `drafts/${workflowId}.json`) as unknown as DraftFile
      return { workflowId, base, at, workflow }
    } catch (error) {
      if (error instanceof CodedError && error.code === 'STORE_FILE_UNREADABLE') return null
      throw error
    }
  }

  save(workflowId: string, base: number, workflow: Json): Promise<string> {
    return this.#inTurn(workflowId, async () => {
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
    return this.#inTurn(workflowId, () => rm(this.#file(workflowId), { force: true }))
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
