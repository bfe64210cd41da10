// The built-in debug endpoint. Plain TCP and a small parser instead of an HTTP server, for three measured reasons: Node's
// parser refuses the unescaped text that MISP sends and resets the socket; an answer before the end of the body must not
// become a reset; and a connection costs about half as much.
import { lookup } from 'node:dns/promises'
import { rename, unlink } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { basename, join } from 'node:path'
import type { Journal, StoredPost } from '../journal/journal.ts'
import { makeFolder } from '../../store/files.ts'
import { patiently } from '../../store/patiently.ts'
import { isDiskFull } from '../journal/journal.ts'
import { handOver } from '../../uncaught.ts'
import type { PostMeta } from '../journal/segments.ts'
import type { Answer } from './answers.ts'
import { Connection, type CompleteRequest, type ConnectionHost, type ConnectionLimits } from './connection.ts'
import { Crowd } from './crowd.ts'
import { headerOf, type RequestHead } from './http-request.ts'
import { isLoopback } from '../../../contract/loopback.ts'
import { resolveSource, type SourceRules } from './sources.ts'

export type ListenerEvent =
  | { readonly type: 'post'; readonly post: StoredPost }
  | { readonly type: 'refused'; readonly status: number; readonly reason: string; readonly target: string }
  | { readonly type: 'disk-full'; readonly target: string; readonly bytes: number }
  | { readonly type: 'store-failed'; readonly message: string }

export interface ListenerOptions {
  readonly host?: string
  readonly port?: number
  readonly rules?: SourceRules
  readonly limits?: Partial<ConnectionLimits>
  readonly onEvent?: (event: ListenerEvent) => void
}

export const defaultHost = '127.0.0.1'
/** MISP's own default (`Plugin.Workflow_debug_url`). */
export const defaultPort = 27051

export const defaultLimits: ConnectionLimits = {
  headBytes: 256 * 1024,
  bodyBytes: 1024 * 1024 * 1024,
  memoryBytes: 4 * 1024 * 1024,
  idleMs: 60_000,
  lingerMs: 15_000,
  // Twice as many, and what one turn brings, stay below the 4,096 descriptors that systems give at least.
  connections: 1400,
  waitingPerPeer: 500
}
const bodyBudget = 48 * 1024 * 1024
const headBudget = 16 * 1024 * 1024

export class SecretRequired extends Error {
  override readonly name = 'SecretRequired'
  constructor(host: string) {
    super(`listening on ${host} lets other machines post: set a secret first`)
  }
}

/** Everybody who reaches the port may try: beyond loopback each post needs a secret, so without any nothing could be taken. */
function checkBind(host: string, rules: SourceRules): void {
  if (isLoopback(host)) return
  const open = rules.secret === undefined || rules.secret === ''
  if (open && (rules.sources.length === 0 || rules.sources.some((source) => !source.secret)))
    throw new SecretRequired(host)
}

const ofWebPage = /^(?:origin$|sec-fetch-)/i

/** Browsers say so themselves, and pages cannot keep them from it. An address that a person typed is no page's doing. */
function isOfWebPage({ headers, method }: RequestHead): boolean {
  if (method === 'GET' && headerOf(headers, 'sec-fetch-site') === 'none') return false
  return headers.some(
    ([name]) => (name[0] === 'o' || name[0] === 'O' || name[0] === 's' || name[0] === 'S') && ofWebPage.test(name)
  )
}

const readOnly: Answer = { status: 503, text: 'posts are refused: the workspace is read-only' }

export class Listener implements ConnectionHost {
  readonly limits: ConnectionLimits
  readonly budget = { used: 0, max: bodyBudget }
  readonly heads = { used: 0, max: headBudget }
  /** Counts what has passed in steps: neither a changed time of day nor a pause of the process (a laptop asleep) ends posts that are on their way. */
  now = 0
  private readonly connections: Crowd<Connection>
  private readonly server: Server
  private readonly timer: NodeJS.Timeout
  private rules: SourceRules
  private refusing = false
  private stopped: Promise<void> | null = null
  /** When a peer last came, sent a head or went, in milliseconds of the process. */
  private heardAt = -Infinity
  /** Other machines can reach the port. Only the bound address says so: what a peer sends or is does not. */
  private open = true

  private constructor(
    private readonly journal: Journal,
    private readonly options: ListenerOptions
  ) {
    this.limits = { ...defaultLimits, ...options.limits }
    this.rules = options.rules ?? { sources: [] }
    this.connections = new Crowd(this.limits, () => this.now)
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.heardAt = performance.now()
      const connection = new Connection(socket, this)
      this.connections.add(connection)
      if (this.refusing) connection.refuse({ status: 503, text: 'Retrace is shutting down' })
    })
    const step = Math.min(1000, this.limits.idleMs / 2, this.limits.lingerMs / 2)
    this.timer = setInterval(() => {
      this.now += step
      for (const connection of this.connections) connection.check(this.now)
      this.connections.relieve()
    }, step)
    this.timer.unref()
  }

  /** Starts to listen. Rejects with the socket's error (EADDRINUSE…) or SecretRequired. */
  static async start(journal: Journal, options: ListenerOptions = {}): Promise<Listener> {
    const host = options.host ?? defaultHost
    checkBind(host, options.rules ?? { sources: [] })
    // A name can stand for any address: what it stands for is looked at before anything is taken there.
    const { address } = await lookup(host)
    checkBind(address, options.rules ?? { sources: [] })
    await makeFolder(join(journal.dir, 'bodies'))
    const listener = new Listener(journal, options)
    await new Promise<void>((resolve, reject) => {
      listener.server.once('error', reject)
      listener.server.listen({ host: address, port: options.port ?? defaultPort, backlog: 1024 }, () => {
        listener.server.off('error', reject)
        // Running out of descriptors must not end the process; the connection is refused by the kernel.
        listener.server.on('error', (error) => listener.emit({ type: 'store-failed', message: error.message }))
        resolve()
      })
    })
    listener.open = !isLoopback(listener.address.host)
    return listener
  }

  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.server.address() as AddressInfo
    return { host: address, port }
  }

  setRules(rules: SourceRules): void {
    checkBind(this.address.host, rules)
    this.rules = rules
  }

  /**
   * Stops without breaking anybody's run: goes on taking posts until there was none for a moment, then answers 503 to what is
   * unfinished, and closes once every peer has its answer. Whom nobody posts to stops at once, and a second call waits for the first.
   */
  stop({ quietMs = 100, graceMs = 2000 } = {}): Promise<void> {
    return (this.stopped ??= this.end(quietMs, graceMs))
  }

  private async end(quietMs: number, graceMs: number): Promise<void> {
    const end = performance.now() + graceMs
    const isQuiet = (): boolean =>
      performance.now() - this.heardAt >= quietMs && ![...this.connections].some((connection) => connection.busy)
    // Who has come but was not seen yet is, before it is looked.
    await new Promise((resolve) => setImmediate(resolve))
    while (performance.now() < end && !isQuiet()) await new Promise((resolve) => setTimeout(resolve, 20))
    this.refusing = true
    for (const connection of this.connections) connection.refuse({ status: 503, text: 'Retrace is shutting down' })
    clearInterval(this.timer)
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    // Peers that do not close their half get a moment to read the answer, then the process may go.
    const timer = setInterval(() => {
      this.now += 50
      const late = performance.now() > end + 1000
      for (const connection of this.connections) connection.check(late ? Number.MAX_SAFE_INTEGER : this.now)
    }, 50)
    await closed
    clearInterval(timer)
    await this.journal.flushed()
  }

  judge(head: RequestHead): Answer | string {
    const verdict = this.verdict(head)
    if (typeof verdict !== 'string' && verdict.status !== 200) {
      this.emit({ type: 'refused', status: verdict.status, reason: verdict.text, target: head.target })
    }
    return verdict
  }

  private verdict(head: RequestHead): Answer | string {
    if (isOfWebPage(head)) return { status: 403, text: 'requests from web pages are refused' }
    if (this.refusing) return { status: 503, text: 'Retrace is shutting down' }
    if (this.journal.lost !== null) return readOnly
    if (head.method === 'GET' || head.method === 'HEAD') {
      return { status: 200, text: head.method === 'HEAD' ? '' : 'Retrace listens here for MISP workflow debug posts.' }
    }
    if (head.method !== 'POST' && head.method !== 'PUT') return { status: 405, text: 'MISP posts here' }
    const verdict = resolveSource(this.rules, head, this.open)
    return verdict.allowed ? verdict.source : { status: 401, text: 'wrong or missing secret in the URL' }
  }

  spoolPath(): string | NodeJS.ErrnoException {
    const refusal = this.journal.refusal()
    if (refusal !== null) return refusal
    return join(this.journal.dir, 'bodies', `${this.journal.newBodyName()}.part`)
  }

  store(request: CompleteRequest, answer: (answer: Answer) => void): void {
    const { head } = request
    const meta: PostMeta = {
      at: Date.now(),
      opened: request.opened,
      source: request.source,
      method: head.method,
      target: head.target,
      headers: head.headers
    }
    if (request.spooled === null) return this.append(meta, request.body, request.bodyBytes, answer)
    // The name is final before the record that refers to it, so a record never points to nothing.
    const final = request.spooled.replace(/\.part$/, '.body')
    const { spooled } = request
    patiently(() => rename(spooled, final)).then(
      () => this.append({ ...meta, bodyFile: basename(final) }, [], request.bodyBytes, answer),
      (error: NodeJS.ErrnoException) => this.failed(error, meta, request.bodyBytes, answer)
    )
  }

  private append(meta: PostMeta, body: readonly Buffer[], bytes: number, answer: (answer: Answer) => void): void {
    this.journal.append(meta, body, bytes, (error, post) => {
      if (post === null) {
        if (meta.bodyFile !== undefined) unlink(join(this.journal.dir, 'bodies', meta.bodyFile)).catch(() => undefined)
        return this.failed(error!, meta, bytes, answer)
      }
      answer({ status: 200, text: 'ok' })
      this.emit({ type: 'post', post })
    })
  }

  private failed(error: NodeJS.ErrnoException, meta: PostMeta, bytes: number, answer: (answer: Answer) => void): void {
    const verdict = this.notStored(error)
    answer(verdict)
    if (verdict.status === 507) this.emit({ type: 'disk-full', target: meta.target, bytes })
    else this.emit({ type: 'store-failed', message: error.message })
  }

  /** What a peer is told whose post could not be kept. */
  notStored(error: NodeJS.ErrnoException): Answer {
    if (isDiskFull(error)) return { status: 507, text: 'the disk is full: this post is not stored' }
    // A folder that was moved away shows in many ways; this one is what matters.
    this.journal.refusal()
    if (this.journal.lost !== null) return readOnly
    return { status: error.code === 'ECLOSED' ? 503 : 500, text: 'the post could not be stored' }
  }

  /** How much is held right now: connections, and bytes of large heads and of bodies that are not stored yet. */
  get usage(): { readonly connections: number; readonly headBytes: number; readonly bodyBytes: number } {
    return { connections: this.connections.size, headBytes: this.heads.used, bodyBytes: this.budget.used }
  }

  endLargeHead(by: Connection): boolean {
    return this.connections.endLargeHead(by)
  }

  pastHead(connection: Connection): void {
    this.heardAt = performance.now()
    this.connections.pastHead(connection)
  }

  closed(connection: Connection): void {
    this.heardAt = performance.now()
    this.connections.remove(connection)
  }

  private emit(event: ListenerEvent): void {
    try {
      this.options.onEvent?.(event)
    } catch (error) {
      // What is made of a post is no business of whoever sent it.
      handOver(error)
    }
  }
}
