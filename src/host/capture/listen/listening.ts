// Taking posts for a workspace, where its settings or a command line say: the listener, and who sends posts on.
import { isLoopback } from '../../../contract/loopback.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import type { CaptureSettings, CaptureStatus, WorkspaceProblem } from '../../../contract/workspace.ts'
import { closeAll } from '../../close-all.ts'
import { freePortAfter } from '../../ports/free-port.ts'
import { toFailure } from '../../registry/failure.ts'
import type { CaptureService } from '../service.ts'
import { Forwarder } from './forward.ts'
import { SecretRequired, type Listener, type ListenerEvent } from './listener.ts'
import { debugUrl, type SourceRules } from './sources.ts'

/** A command of this process listens where its command line says, whatever the settings say of that. */
export interface CommandListener {
  readonly host: string
  readonly port: number
  /** Asked of every source that has none of its own. */
  readonly secret?: string
  readonly onEvent: (event: ListenerEvent) => void
  /** Changed sources do not fit the address: why. The old ones hold on, which are the stricter ones. */
  readonly refused: (why: string) => void
}

interface Surroundings {
  readonly say: (change: Partial<CaptureStatus>) => void
  /** Often: not each of them is told. */
  readonly saySoon: (change: Partial<CaptureStatus>) => void
  readonly report: (problem: WorkspaceProblem) => void
  readonly logMistake: (context: string, error: unknown) => void
}

const urlOf = (host: string, port: number, rules: SourceRules): string =>
  debugUrl(host, port, rules.sources[0] ?? { name: 'default' }, rules)

export class Listening {
  private forwarder: Forwarder | null = null
  private command: CommandListener | null = null

  constructor(
    private readonly service: CaptureService,
    private readonly around: Surroundings
  ) {}

  get isOfCommand(): boolean {
    return this.command !== null
  }

  /** As the settings say. Never throws: what fails is the status. `chosen`: a person chose just now where posts are sent on to. */
  async start(settings: CaptureSettings, chosen = false): Promise<void> {
    const { enabled, host, port, maxBodyBytes } = settings
    await this.stop()
    if (!enabled) return this.around.say({ state: 'off', url: null, message: null, forward: null })
    const rules = this.rulesOf(settings)
    try {
      const { address } = await this.service.listen({ host, port, rules, limits: { bodyBytes: maxBodyBytes } })
      const message = isLoopback(host)
        ? null
        : `${host} can be reached from other machines: anyone who knows a secret can post here.`
      const url = urlOf(host, address.port, rules)
      this.around.say({ state: 'listening', freePort: null, url, message, forward: null })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      const freePort = isTaken ? await freePortAfter(host, port) : null
      const message = explain(error, host, port, freePort)
      return this.around.say({ state: 'failed', url: null, message, freePort, forward: null })
    }
    await this.sendOn(settings, chosen)
  }

  /** Throws SecretRequired, and what listening throws. `url`: what to paste into MISP. */
  async startFor(
    command: CommandListener,
    settings: CaptureSettings
  ): Promise<{ readonly address: Listener['address']; readonly url: string }> {
    const { host, port, onEvent } = command
    const rules = this.rulesOf(settings, command)
    const limits = { bodyBytes: settings.maxBodyBytes }
    const { address } = await this.service.listen({ host, port, rules, limits, onEvent })
    this.command = command
    const url = urlOf(isLoopback(host) ? host : address.host, address.port, rules)
    this.around.say({ state: 'listening', url, message: null })
    await this.sendOn(settings, false)
    return { address, url }
  }

  /** What is allowed or changed while a command listens holds from the next post on. */
  sourcesChanged(settings: CaptureSettings): void {
    if (this.command === null) return
    try {
      this.service.listener?.setRules(this.rulesOf(settings))
    } catch (error) {
      if (!(error instanceof SecretRequired)) throw error
      this.command.refused(error.message)
    }
  }

  /** Posts are taken also where none can be sent on. */
  async sendOn({ forward }: CaptureSettings, chosen: boolean): Promise<void> {
    const before = this.forwarder
    this.forwarder = null
    await before?.stop()
    if (before !== null) this.around.saySoon({ forward: null })
    if (forward === null) return
    const { reader } = this.service
    const { report, logMistake, saySoon } = this.around
    try {
      const options = {
        problem: report,
        chosen,
        onChange: (state: CaptureStatus['forward']) => saySoon({ forward: state })
      }
      this.forwarder = await Forwarder.start(reader, forward, await reader.lastSeq(), options)
    } catch (error) {
      const { message } = toFailure(error, 'forward', logMistake)
      saySoon({ forward: { url: maskUrls(forward), sent: 0, failed: 0, skipped: 0, behind: 0, problem: message } })
    }
  }

  /** A post is there to be sent on. */
  arrived(seq: number): void {
    this.forwarder?.notify(seq)
  }

  /** What came is still sent on. */
  async stopTaking(): Promise<void> {
    await this.service.listener?.stop()
    this.service.listener = null
  }

  async stop(): Promise<void> {
    const { forwarder } = this
    this.forwarder = null
    await closeAll(
      () => this.stopTaking(),
      () => forwarder?.stop()
    )
  }

  /** The workspace's sources, as far as they hold here; the general secret is a command line's. */
  private rulesOf({ sources }: CaptureSettings, command = this.command): SourceRules {
    const secret = command?.secret
    return {
      sources: sources.map(({ name, secret: own }) => ({ name, ...(own === null ? {} : { secret: own }) })),
      ...(secret === undefined ? {} : { secret })
    }
  }
}

function explain(error: unknown, host: string, port: number, free: number | null): string {
  if (error instanceof SecretRequired) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE')
    return `${host}:${port} is in use by another program.${free === null ? '' : ` Port ${free} is free.`}`
  return `Cannot listen on ${host}:${port}${code === '' ? '' : ` (${code})`}.`
}
