// Capture inside the app: opens the service beside the host without delaying its start, keeps the list of runs up to date, starts and stops
// the listener as the settings say, and tells how it is.
import { closeAll } from '../close-all.ts'
import type { EventMap, EventName } from '../../contract/events.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { CaptureSettings, CaptureStatus } from '../../contract/workspace.ts'
import type { Limits } from '../../engine/jinja/python/limits.ts'
import { isLoopback } from '../../contract/loopback.ts'
import { maskUrls } from '../../contract/secrets.ts'
import { toFailure } from '../registry/failure.ts'
import { triggersInDebug } from '../store/debug-mode.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Trust } from '../trust/trust.ts'
import { checkSettings, keepUndecided, withDefaults, type ListenerDefaults } from './capture-settings.ts'
import { toRunSummary, type CapturedRun } from './derive/captured-run.ts'
import type { Aside } from '../aside/aside.ts'
import { createPauses } from '../pauses.ts'
import { WorkflowNames } from './group/fitting-workflow.ts'
import { Forwarder } from './listen/forward.ts'
import { graphsOf } from './import/file.ts'
import { SecretRequired, type ListenerEvent } from './listen/listener.ts'
import { freePortAfter } from '../ports/free-port.ts'
import { Heard } from './listen/heard.ts'
import { Keeper } from './journal/keeper.ts'
import { MatchedLogs } from './import/matched-logs.ts'
import { summaryOfLogged, type FoundLog } from './import/log-import.ts'
import type { KnownGraphs } from './group/all.ts'
import { neighboursOf, type Neighbours } from './group/neighbours.ts'
import { CaptureService } from './service.ts'
import { parseTarget } from './listen/post-target.ts'
import { debugUrl, type SourceRules } from './listen/sources.ts'

type Emit = <N extends EventName>(name: N, data: EventMap[N]) => void

export interface HostCaptureOptions {
  readonly workspace: Workspace
  readonly trust: Trust
  readonly emit: Emit
  readonly logMistake: (context: string, error: unknown) => void
  /** False for a terminal's short commands and for tests: posts are read, none are taken. */
  readonly listen: boolean
  readonly listener: ListenerDefaults
  /** The built parse-worker. */
  readonly parserUrl: URL | null
  readonly aside: Aside
}

const statusEveryMs = 200

/** Captured runs as an imported log is compared with them. */
export const capturedSummaries = (service: CaptureService): RunSummary[] =>
  [...service.runs.values()].map((run) => ({ ...toRunSummary(run), outcome: run.outcome }))

export class HostCapture {
  private status: CaptureStatus = {
    state: 'off',
    url: null,
    message: null,
    posts: 0,
    lastPostAt: null,
    heard: [],
    debug: { posted: [], saved: [] },
    forward: null
  }
  private readonly opening: Promise<CaptureService>
  private readonly loading: Promise<CaptureService>
  private forwarder: Forwarder | null = null
  private timer: NodeJS.Timeout | null = null
  private closed = false
  private listens: boolean
  private isOfCommand = false
  private opened: CaptureService | null = null
  private kept: Keeper | null = null
  private sources: Heard | null = null
  private readonly names: WorkflowNames
  /** Triggers whose workflow here is in debug mode. */
  private inDebug: readonly string[]
  /** Of templates; asked for with each post. */
  private limits: Partial<Limits> = {}

  constructor(private readonly options: HostCaptureOptions) {
    this.listens = options.listen
    this.names = new WorkflowNames(options.workspace.workflows)
    this.inDebug = triggersInDebug(options.workspace.workflows)
    const readLimits = (): void => void (this.limits = options.trust.settings.own.templateLimits ?? {})
    readLimits()
    options.trust.onChange(readLimits)
    this.opening = this.open()
    this.loading = this.opening.then((service) => this.load(service))
    // Whoever asks gets the error; nobody asking is no crash.
    this.loading.catch((error: unknown) => options.logMistake('capture', error))
  }

  /** The service, once it has read what there is. */
  service(): Promise<CaptureService> {
    return this.loading
  }

  /** The service as soon as posts can be taken. */
  taking(): Promise<CaptureService> {
    return this.opening
  }

  /** Resolves when posts of the runs that are listed can be read: the newest are listed a moment before. */
  async begun(): Promise<void> {
    await this.opening.catch(() => undefined)
  }

  /** Resolves when every captured run is on the list. */
  async known(): Promise<void> {
    await this.loading.catch(() => undefined)
  }

  /** As they hold: what came with the workspace and nobody allowed is not in them. */
  get settings(): CaptureSettings {
    return withDefaults(this.options.trust.settings.own.capture, this.options.listener)
  }

  /** Posts of a captured run, as far as the service is open. */
  postsOf(runId: string): readonly (readonly [seq: number, job: number])[] {
    return this.opened?.runs.get(runId)?.posts ?? []
  }

  /** Captured runs of the same workflow whose posts came among those of a run, or soon after. */
  neighboursOf(runId: string): Neighbours {
    return this.opened ? neighboursOf(this.opened.runs, runId) : { fragments: [], rivals: 0 }
  }

  async currentStatus(): Promise<CaptureStatus> {
    await this.opening.catch(() => undefined)
    return this.status
  }

  async configure(change: Partial<CaptureSettings>): Promise<CaptureStatus> {
    const service = await this.opening
    this.options.workspace.assertWritable()
    const settings = { ...this.settings, ...change }
    checkSettings(settings)
    const inFile = withDefaults(this.options.workspace.ownInFile.capture, this.options.listener)
    const chosen = settings.forward !== this.settings.forward
    await this.options.trust.change({ own: { capture: keepUndecided(this.settings, settings, inFile) } })
    // Of a command's listener the address is the command line's; what else changed it reads anew.
    if (this.isOfCommand) {
      this.options.emit('workspace.changed', this.options.workspace.info())
      return this.status
    }
    await service.listener?.stop()
    service.listener = null
    await this.startListener(service, chosen)
    return this.status
  }

  /** A command of this process listens by itself, whatever the settings say. `url`: what to paste into MISP. */
  listensAt(url: string): void {
    this.isOfCommand = true
    this.say({ state: 'listening', url, message: null })
  }

  /** Takes MISP's posts from now on, which went to another workspace until now. */
  async takeOver(from: HostCapture | null): Promise<void> {
    const service = await this.opening
    await from?.stopListening()
    this.listens = true
    await this.restart()
    this.keeping(service).start()
  }

  private async stopListening(): Promise<void> {
    this.listens = false
    const service = await this.opening.catch(() => null)
    await service?.listener?.stop()
    if (service) service.listener = null
  }

  /** Listens as the settings say by now, if it does at all. */
  async restart(): Promise<void> {
    const service = await this.opening
    if (!this.options.workspace.writable || !this.listens || this.closed) return
    await service.listener?.stop()
    service.listener = null
    await this.startListener(service)
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
    const service = await this.opening.catch(() => null)
    await closeAll(
      () => service?.listener?.stop(),
      () => this.forwarder?.stop(),
      () => this.kept?.close(),
      () => this.sources?.write(),
      () => service?.close()
    )
  }

  /** Posts can be taken before what was captured earlier has been read: a MISP that posts to nobody breaks off its own work. */
  private async open(): Promise<CaptureService> {
    const { workspace } = this.options
    this.sources = await Heard.open(workspace.folder, workspace.care)
    this.status = { ...this.status, heard: this.sources.sources, debug: this.debugMode() }
    const service = await CaptureService.begin(
      workspace.folder,
      {
        graphs: this.graphs(),
        parserUrl: this.options.parserUrl,
        limits: () => this.limits,
        hold: workspace.hold,
        events: {
          runs: (changed, removed) => this.runsChanged(changed, removed),
          listener: (event) => this.heard(event),
          problem: (message, file) => this.problem(message, file)
        }
      },
      workspace.writable
    )
    this.opened = service
    if (workspace.writable && this.listens && !this.closed) await this.startListener(service)
    return service
  }

  private async load(service: CaptureService): Promise<CaptureService> {
    await service.ready
    await this.showLogged(service)
    // Posts that came meanwhile are among those that are counted.
    await this.recount(service)
    if (this.options.workspace.writable && this.listens && !this.closed) this.keeping(service).start()
    return service
  }

  /** After posts came or went by another way than the listener. */
  async recount(service: CaptureService): Promise<void> {
    this.say({ posts: await service.reader.count() })
  }

  /** Who keeps what was captured small. */
  async keeper(): Promise<Keeper> {
    return this.keeping(await this.loading)
  }

  private keeping(service: CaptureService): Keeper {
    const { workspace, trust, emit, logMistake } = this.options
    const job = (progress: EventMap['job.progress']): void => emit('job.progress', progress)
    return (this.kept ??= new Keeper(service, { workspace, trust, job, logMistake }))
  }

  /** For pages that are opened later, too. */
  private problem(message: string, file = 'capture'): void {
    this.options.workspace.care.report({ file, code: 'STORE_FILE_UNREADABLE', message, keptAs: null })
  }

  /** Runs of imported logs beside those that were captured. */
  readonly logs = new MatchedLogs(
    () => this.options.aside,
    ({ message, file }) => this.problemOnce(message, file)
  )

  private readonly told = new Set<string>()
  readonly problemOnce = (message: string, file?: string): void => {
    if (this.told.has(message)) return
    this.told.add(message)
    this.problem(message, file)
  }

  /** A log came in: what only it knows is shown. */
  showLog(service: CaptureService, found: FoundLog): Promise<void> {
    this.logs.know(found)
    return this.showLogged(service)
  }

  /** Runs that only an imported log knows. */
  async showLogged(service: CaptureService): Promise<void> {
    const matches = await this.logs.match(service.dir, () => capturedSummaries(service))
    const logged = matches.flatMap(({ log, run, id }) => (run === null ? [summaryOfLogged(log, id)] : []))
    if (logged.length > 0) this.options.workspace.runs.putDerived(logged)
  }

  private debugMode(): CaptureStatus['debug'] {
    return { posted: this.sources?.posted ?? [], saved: this.inDebug }
  }

  private graphs(): KnownGraphs {
    const { workflows } = this.options.workspace
    return graphsOf(workflows.list().map(({ id }) => workflows.get(id).workflow))
  }

  /** Workflows of the workspace were saved or removed: grouping uses them from now on. */
  workflowsChanged(): void {
    this.names.forget()
    this.inDebug = triggersInDebug(this.options.workspace.workflows)
    this.say({ debug: this.debugMode() })
    this.opening
      .then(async (service) => {
        await service.useGraphs(this.graphs())
        await this.nameRuns(service)
      })
      .catch((error: unknown) => this.options.logMistake('grouping', error))
  }

  /** Runs whose workflow is another one now than when they were listed. */
  private async nameRuns(service: CaptureService): Promise<void> {
    const { runs } = this.options.workspace
    const pause = createPauses()
    const changed: RunSummary[] = []
    for (const run of service.runs.values()) {
      const listed = runs.get(run.id)
      const name = this.names.of(run)
      if (listed && (listed.workflowName !== name.workflowName || listed.workflowId !== name.workflowId))
        changed.push({ ...listed, ...name })
      await pause()
    }
    if (changed.length > 0) runs.putDerived(changed)
  }

  private runsChanged(changed: readonly CapturedRun[], removed: readonly string[]): void {
    const { runs } = this.options.workspace
    if (changed.length > 0) runs.putDerived(changed.map((run) => toRunSummary(run, this.names.of(run))))
    for (const id of removed) runs.remove(id, false).catch((error: unknown) => this.options.logMistake('runs', error))
  }

  private async startListener(service: CaptureService, chosen = false): Promise<void> {
    const { enabled, host, port, sources, maxBodyBytes, forward } = this.settings
    await this.forwarder?.stop()
    this.forwarder = null
    this.status = { ...this.status, forward: null }
    if (!enabled) return this.say({ state: 'off', url: null, message: null })
    const rules: SourceRules = {
      sources: sources.map(({ name, secret }) => ({ name, ...(secret === null ? {} : { secret }) }))
    }
    try {
      const listener = await service.listen({ host, port, rules, limits: { bodyBytes: maxBodyBytes } })
      const shown = rules.sources[0] ?? { name: 'default' }
      const message = isLoopback(host)
        ? null
        : `${host} can be reached from other machines: anyone who knows a secret can post here.`
      const url = debugUrl(host, listener.address.port, shown, rules)
      this.say({ state: 'listening', freePort: null, url, message })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      const freePort = isTaken ? await freePortAfter(host, port) : null
      return this.say({ state: 'failed', url: null, message: explain(error, host, port, freePort), freePort })
    }
    if (forward !== null) await this.startForwarder(service, forward, chosen)
  }

  /** Posts are taken also where none can be sent on. */
  private async startForwarder({ reader }: CaptureService, forward: string, chosen: boolean): Promise<void> {
    const changed = (state: CaptureStatus['forward']): void => {
      this.status = { ...this.status, forward: state }
      this.saySoon()
    }
    try {
      const options = { problem: this.options.workspace.care.report, chosen, onChange: changed }
      this.forwarder = await Forwarder.start(reader, forward, await reader.lastSeq(), options)
    } catch (error) {
      const { message } = toFailure(error, 'forward', this.options.logMistake)
      changed({ url: maskUrls(forward), sent: 0, failed: 0, skipped: 0, behind: 0, problem: message })
    }
  }

  /** Nothing can be kept any more: posts are answered 503, and what works by itself ends. */
  workspaceLost(): void {
    this.kept?.stop()
    if (this.status.state === 'listening') this.say({ state: 'failed', url: null, message: this.lostMessage })
  }

  private get lostMessage(): string {
    return `Posts are refused (503): the workspace is read-only here, ${this.options.workspace.hold.reason}.`
  }

  private heard(event: ListenerEvent): void {
    if (event.type === 'post') {
      this.forwarder?.notify(event.post.seq)
      const lastPostAt = new Date(event.post.meta.at).toISOString()
      const { kind, trigger } = parseTarget(event.post.meta.target)
      const isNew = this.sources?.take(event.post.meta.source, lastPostAt, kind === 'unknown' ? '' : trigger)
      this.status = { ...this.status, posts: this.status.posts + 1, lastPostAt }
      // Whoever ends Retrace now must know.
      if (isNew && this.timer === null) this.say({ debug: this.debugMode() })
      this.saySoon()
    } else if (event.type === 'disk-full') {
      this.say({ message: 'The disk is full: posts are refused (507) and not stored; MISP is not affected.' })
    } else if (event.type === 'refused' && this.options.workspace.writable) {
      const at = new Date().toISOString().slice(11, 19)
      this.status = { ...this.status, message: `A post was refused at ${at} UTC (${event.status}): ${event.reason}.` }
      this.saySoon()
    } else if (event.type === 'store-failed' && this.options.workspace.writable)
      this.say({ message: `A post could not be stored: ${event.message}` })
  }

  /** Thousands of posts a second must not become thousands of messages. */
  private saySoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.status = { ...this.status, heard: this.sources?.sources ?? [], debug: this.debugMode() }
      this.options.emit('capture.changed', this.status)
    }, statusEveryMs)
  }

  private say(change: Partial<CaptureStatus>): void {
    this.status = { ...this.status, ...change }
    this.options.emit('capture.changed', this.status)
  }
}

function explain(error: unknown, host: string, port: number, free: number | null): string {
  if (error instanceof SecretRequired) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE')
    return `${host}:${port} is in use by another program.${free === null ? '' : ` Port ${free} is free.`}`
  return `Cannot listen on ${host}:${port}${code === '' ? '' : ` (${code})`}.`
}
