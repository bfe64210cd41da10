// Capture inside a host: opens the service beside it without delaying its start, passes on what comes (runs to the list, posts to who sends them
// on, the status to who asks), and listens as the settings or a command say.
import { closeAll } from '../close-all.ts'
import type { EventMap, EventName } from '../../contract/events.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { CaptureSettings, CaptureStatus } from '../../contract/workspace.ts'
import type { Limits } from '../../engine/jinja/python/limits.ts'
import { triggersInDebug } from '../store/debug-mode.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Trust } from '../trust/trust.ts'
import { checkSettings, keepUndecided, withDefaults, type ListenerDefaults } from './capture-settings.ts'
import { toRunSummary } from './derive/captured-run.ts'
import type { Aside } from '../aside/aside.ts'
import { graphsOf } from './import/file.ts'
import type { ListenerEvent } from './listen/listener.ts'
import { Listening, type CommandListener } from './listen/listening.ts'
import { ListedRuns } from './listed-runs.ts'
import { StatusBoard } from './status-board.ts'
import { Heard } from './listen/heard.ts'
import { Keeper } from './journal/keeper.ts'
import { MatchedLogs } from './import/matched-logs.ts'
import { summaryOfLogged, type FoundLog } from './import/log-import.ts'
import type { KnownGraphs } from './group/all.ts'
import { neighboursOf, type Neighbours } from './group/neighbours.ts'
import { CaptureService } from './service.ts'
import { parseTarget } from './listen/post-target.ts'

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

/** Captured runs as an imported log is compared with them. */
export const capturedSummaries = (service: CaptureService): RunSummary[] =>
  [...service.runs.values()].map((run) => ({ ...toRunSummary(run), outcome: run.outcome }))

export class HostCapture {
  private readonly board: StatusBoard
  private readonly opening: Promise<CaptureService>
  private readonly loading: Promise<CaptureService>
  private closed = false
  private listens: boolean
  /** Every post that there was at the start is in its run. */
  isKnown = false
  private opened: CaptureService | null = null
  private kept: Keeper | null = null
  private sources: Heard | null = null
  private listening: Listening | null = null
  private readonly listed: ListedRuns
  /** Triggers whose workflow here is in debug mode. */
  private inDebug: readonly string[]
  /** Of templates; asked for with each post. */
  private limits: Partial<Limits> = {}

  constructor(private readonly options: HostCaptureOptions) {
    this.listens = options.listen
    this.listed = new ListedRuns(options.workspace, options.logMistake)
    this.board = new StatusBoard(
      () => ({ heard: this.sources?.sources ?? [], debug: this.debugMode() }),
      (status) => options.emit('capture.changed', status)
    )
    this.inDebug = triggersInDebug(options.workspace.workflows)
    const readLimits = (): void => void (this.limits = options.trust.settings.own.templateLimits ?? {})
    readLimits()
    options.trust.onChange(readLimits)
    options.trust.onChange(() => this.listening?.sourcesChanged(this.settings))
    this.opening = this.open()
    this.loading = this.opening.then((service) => this.load(service))
    // Whoever asks gets the error; nobody asking is no crash.
    this.loading.catch((error: unknown) => options.logMistake('capture', error))
  }

  /** The service, once it has read what there is. */
  service(): Promise<CaptureService> {
    return this.loading
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
    return this.board.current
  }

  async configure(change: Partial<CaptureSettings>): Promise<CaptureStatus> {
    const listening = await this.ready()
    this.options.workspace.assertWritable()
    const settings = { ...this.settings, ...change }
    checkSettings(settings)
    const inFile = withDefaults(this.options.workspace.ownInFile.capture, this.options.listener)
    const chosen = settings.forward !== this.settings.forward
    await this.options.trust.change({ own: { capture: keepUndecided(this.settings, settings, inFile) } })
    // Of a command's listener the address is the command line's; the sources it has read anew by now.
    if (listening.isOfCommand) {
      if (chosen) await listening.sendOn(this.settings, true)
      this.options.emit('workspace.changed', this.options.workspace.info())
    } else await listening.start(this.settings, chosen)
    return this.board.current
  }

  /** For a command of this process. Throws as `Listening.startFor` does. */
  async listenFor(command: CommandListener): ReturnType<Listening['startFor']> {
    return (await this.ready()).startFor(command, this.settings)
  }

  /** Resolves as soon as posts can be taken. */
  private async ready(): Promise<Listening> {
    return this.listeningOf(await this.opening)
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
    await this.opening.catch(() => undefined)
    await this.listening?.stopTaking()
  }

  /** Listens as the settings say by now, if it does at all. */
  async restart(): Promise<void> {
    const listening = await this.ready()
    // A command listens on where it does.
    if (listening.isOfCommand) await listening.sendOn(this.settings, false)
    else if (this.options.workspace.writable && this.listens && !this.closed) await listening.start(this.settings)
  }

  async close(): Promise<void> {
    this.closed = true
    this.board.close()
    const service = await this.opening.catch(() => null)
    await closeAll(
      () => this.listening?.stop(),
      () => this.kept?.close(),
      () => this.sources?.write(),
      () => service?.close()
    )
  }

  /** Posts can be taken before what was captured earlier has been read: a MISP that posts to nobody breaks off its own work. */
  private async open(): Promise<CaptureService> {
    const { workspace } = this.options
    this.sources = await Heard.open(workspace.folder, workspace.care)
    this.board.note({ heard: this.sources.sources, debug: this.debugMode() })
    const service = await CaptureService.begin(
      workspace.folder,
      {
        graphs: this.graphs(),
        parserUrl: this.options.parserUrl,
        limits: () => this.limits,
        hold: workspace.hold,
        events: {
          runs: (changed, removed) => this.listed.changed(changed, removed),
          listener: (event) => this.heard(event),
          problem: (message, file) => this.problem(message, file)
        }
      },
      workspace.writable
    )
    this.opened = service
    const listening = this.listeningOf(service)
    if (workspace.writable && this.listens && !this.closed) await listening.start(this.settings)
    return service
  }

  private async load(service: CaptureService): Promise<CaptureService> {
    await service.ready
    this.isKnown = true
    await this.showLogged(service)
    // Posts that came meanwhile are among those that are counted.
    await this.recount(service)
    if (this.options.workspace.writable && this.listens && !this.closed) this.keeping(service).start()
    return service
  }

  /** After posts came or went by another way than the listener. */
  async recount(service: CaptureService): Promise<void> {
    this.board.say({ posts: await service.reader.count() })
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
    this.listed.workflowsChanged()
    this.inDebug = triggersInDebug(this.options.workspace.workflows)
    this.board.say({ debug: this.debugMode() })
    this.opening
      .then(async (service) => {
        await service.useGraphs(this.graphs())
        await this.listed.rename(service.runs.values())
      })
      .catch((error: unknown) => this.options.logMistake('grouping', error))
  }

  private listeningOf(service: CaptureService): Listening {
    return (this.listening ??= new Listening(service, {
      say: (change) => this.board.say(change),
      saySoon: (change) => this.board.saySoon(change),
      report: this.options.workspace.care.report,
      logMistake: this.options.logMistake
    }))
  }

  /** Nothing can be kept any more: posts are answered 503, and what works by itself ends. */
  workspaceLost(): void {
    this.kept?.stop()
    if (this.board.current.state === 'listening')
      this.board.say({ state: 'failed', url: null, message: this.lostMessage })
  }

  private get lostMessage(): string {
    return `Posts are refused (503): the workspace is read-only here, ${this.options.workspace.hold.reason}.`
  }

  private heard(event: ListenerEvent): void {
    if (event.type === 'post') {
      this.listening?.arrived(event.post.seq)
      const lastPostAt = new Date(event.post.meta.at).toISOString()
      const { kind, trigger } = parseTarget(event.post.meta.target)
      const isNew = this.sources?.take(event.post.meta.source, lastPostAt, kind === 'unknown' ? '' : trigger)
      this.board.note({ posts: this.board.current.posts + 1, lastPostAt })
      // Whoever ends Retrace now must know.
      if (isNew && this.board.isQuiet) this.board.say({ debug: this.debugMode() })
      this.board.saySoon()
    } else if (event.type === 'disk-full') {
      this.board.say({ message: 'The disk is full: posts are refused (507) and not stored; MISP is not affected.' })
    } else if (event.type === 'refused' && this.options.workspace.writable) {
      const at = new Date().toISOString().slice(11, 19)
      this.board.saySoon({ message: `A post was refused at ${at} UTC (${event.status}): ${event.reason}.` })
    } else if (event.type === 'store-failed' && this.options.workspace.writable)
      this.board.say({ message: `A post could not be stored: ${event.message}` })
  }
}
