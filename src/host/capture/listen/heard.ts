// capture/heard.json: which MISP posted when, and for which triggers, for whoever asks after a restart. Written now and then; whoever deletes it loses nothing else.
import { join } from 'node:path'
import { z } from 'zod'
import type { DebugMode, HeardSource } from '../../../contract/workspace.ts'
import { isThereSync, writeAtomic } from '../../store/files.ts'
import { readOrReport, type Care, type Shape } from '../../store/reading.ts'
import { captureFolder } from '../service.ts'

const source = z.object({ source: z.string().max(500), at: z.iso.datetime(), posts: z.int().min(0) })
const word = z.string().max(100)
const posted = z.object({ source: z.string().max(500), trigger: word, at: z.iso.datetime() })
type Posted = z.output<typeof posted>
const shape: Shape<{ readonly sources: readonly HeardSource[]; readonly triggers?: readonly Posted[] | undefined }> = {
  kind: 'heard',
  schema: z.object({ sources: z.array(source).max(1000), triggers: z.array(posted).max(1000).optional() })
}
const writeEveryMs = 5000
/** Anybody may make up sources. */
const mostSources = 100
const mostTriggers = 200
/** Names of MISP's triggers are made of these; what else stands in a path is nobody's workflow. */
const isTrigger = (text: string): boolean => /^[\w-]{1,100}$/.test(text)

const keyOf = (name: string, trigger: string): string => `${trigger}\n${name}`

export class Heard {
  #timer: NodeJS.Timeout | null = null
  readonly #bySource: Map<string, HeardSource>
  readonly #posted: Map<string, DebugMode['posted'][number]>

  private constructor(
    private readonly file: string,
    private readonly care: Care,
    sources: readonly HeardSource[],
    triggers: readonly Posted[],
    /** A file of a newer Retrace is left unchanged. */
    private readonly isOurs: boolean
  ) {
    this.#bySource = new Map(sources.map((one) => [one.source, one]))
    this.#posted = new Map(
      triggers.map(({ source, trigger, at }) => [keyOf(source, trigger), { source, trigger, at, isNew: false }])
    )
  }

  static async open(workspace: string, care: Care): Promise<Heard> {
    const file = join(captureFolder(workspace), 'heard.json')
    const read = await readOrReport(file, shape, care, { name: 'capture/heard.json' }).catch(() => null)
    return new Heard(file, care, read?.sources ?? [], read?.triggers ?? [], read !== null || !isThereSync(file))
  }

  /** Latest first. */
  get sources(): readonly HeardSource[] {
    return [...this.#bySource.values()].sort((a, b) => b.at.localeCompare(a.at))
  }

  /** Latest first. */
  get posted(): DebugMode['posted'] {
    return [...this.#posted.values()].sort((a, b) => b.at.localeCompare(a.at))
  }

  /** `trigger`: as the post's path says. Returns whether it is the first one since the start of a workflow in debug mode. */
  take(name: string, at: string, trigger: string): boolean {
    const posts = (this.#bySource.get(name)?.posts ?? 0) + 1
    let isFirst = false
    if (isTrigger(trigger)) {
      const key = keyOf(name, trigger)
      isFirst = this.#posted.get(key)?.isNew !== true
      this.#posted.set(key, { source: name, trigger, at, isNew: true })
      if (this.#posted.size > mostTriggers) {
        const { source: first, trigger: oldest } = this.posted.at(-1)!
        this.#posted.delete(keyOf(first, oldest))
      }
    }
    this.#bySource.set(name, { source: name, at, posts })
    if (this.#bySource.size > mostSources) this.#bySource.delete(this.sources.at(-1)?.source ?? '')
    this.#timer ??= setTimeout(() => void this.write(), writeEveryMs).unref()
    return isFirst
  }

  async write(): Promise<void> {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    if (!this.isOurs || !this.care.writable()) return
    const triggers = this.posted.map(({ source: from, trigger, at }) => ({ source: from, trigger, at }))
    const text = JSON.stringify({ format: 'retrace.heard', version: 1, sources: this.sources, triggers })
    // That it cannot be kept costs this knowledge only.
    await writeAtomic(this.file, `${text}\n`).catch(() => undefined)
  }
}
