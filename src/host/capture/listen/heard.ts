// capture/heard.json: which MISP posted when, for whoever asks after a restart. Written now and then; whoever deletes it loses nothing else.
import { join } from 'node:path'
import { z } from 'zod'
import type { HeardSource } from '../../../contract/workspace.ts'
import { isThereSync, writeAtomic } from '../../store/files.ts'
import { readOrReport, type Care, type Shape } from '../../store/reading.ts'
import { captureFolder } from '../service.ts'

const source = z.object({ source: z.string().max(500), at: z.iso.datetime(), posts: z.int().min(0) })
const shape: Shape<{ readonly sources: readonly HeardSource[] }> = {
  kind: 'heard',
  schema: z.object({ sources: z.array(source).max(1000) })
}
const writeEveryMs = 5000
/** Anybody may make up sources. */
const mostSources = 100

export class Heard {
  #timer: NodeJS.Timeout | null = null
  readonly #bySource: Map<string, HeardSource>

  private constructor(
    private readonly file: string,
    private readonly care: Care,
    sources: readonly HeardSource[],
    /** A file of a newer Retrace is left unchanged. */
    private readonly isOurs: boolean
  ) {
    this.#bySource = new Map(sources.map((one) => [one.source, one]))
  }

  static async open(workspace: string, care: Care): Promise<Heard> {
    const file = join(captureFolder(workspace), 'heard.json')
    const read = await readOrReport(file, shape, care, { name: 'capture/heard.json' }).catch(() => null)
    return new Heard(file, care, read?.sources ?? [], read !== null || !isThereSync(file))
  }

  /** Latest first. */
  get sources(): readonly HeardSource[] {
    return [...this.#bySource.values()].sort((a, b) => b.at.localeCompare(a.at))
  }

  take(name: string, at: string): void {
    const posts = (this.#bySource.get(name)?.posts ?? 0) + 1
    this.#bySource.set(name, { source: name, at, posts })
    if (this.#bySource.size > mostSources) this.#bySource.delete(this.sources.at(-1)?.source ?? '')
    this.#timer ??= setTimeout(() => void this.write(), writeEveryMs).unref()
  }

  async write(): Promise<void> {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    if (!this.isOurs || !this.care.writable()) return
    const text = JSON.stringify({ format: 'retrace.heard', version: 1, sources: this.sources })
    // That it cannot be kept costs this knowledge only.
    await writeAtomic(this.file, `${text}\n`).catch(() => undefined)
  }
}
