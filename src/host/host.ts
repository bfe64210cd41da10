// The host: a workspace, the engine worker and the registry, without a shell. Electron's main process, the browser host and the CLI each
// start one and pass calls to it.
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventMap, EventName, HostEvent } from '../contract/events.ts'
import type { AppInfo } from '../contract/workspace.ts'
import { Aside, parserBeside } from './aside/aside.ts'
import type { ListenerDefaults } from './capture/capture-settings.ts'
import { HostCapture } from './capture/host-capture.ts'
import { closeAll } from './close-all.ts'
import { watchCases } from './cases/watch-cases.ts'
import { watchModules } from './operations/custom-modules.ts'
import type { Asked } from './operations/asked.ts'
import { forwardedHandlers } from './operations/forward.ts'
import type { Services } from './operations/services.ts'
import { hostHandlers } from './operations/table.ts'
import { settingsSecrets } from './capture/understand/mask.ts'
import { createMistakeLog, tellOnce, type LogMistake } from './ports/log.ts'
import { failureOfSystem } from './registry/failure.ts'
import { createRegistry } from './registry/registry.ts'
import type { ShellHost } from './connect-shell.ts'
import { serveHolder } from './holder/serve-holder.ts'
import { createMemoryKeys } from './ports/keys.ts'
import type { KeyStore } from './ports/keys.ts'
import { Listeners } from './listeners.ts'
import { OpenedFiles } from './opened-files.ts'
import type { Indexing } from './runs/indexing.ts'
import type { Preparing } from './runs/preparing.ts'
import { createRunBundle } from './runs/run-bundle.ts'
import type { LockOptions } from './store/lock.ts'
import { NamedFiles } from './store/named-files.ts'
import { acceptedShape, answersShape, mocksShape, watchesShape } from './store/schemas.ts'
import { Workspace } from './store/workspace.ts'
import { Trust } from './trust/trust.ts'
import { surviveUncaught } from './uncaught.ts'
import { Uploads } from './uploads.ts'
import { createInlineEngine, createThreadEngine } from './worker/thread/engine-client.ts'
import type { EngineClient } from './worker/thread/engine-client.ts'
import { profileIds } from '../engine/profiles/profiles.ts'
import { keepLostRun } from './worker/runs/lost-runs.ts'
import type { HostOfWorker } from './worker/thread/protocol.ts'
import { indexRuns, prepareNow, prepareRuns } from './at-rest.ts'

export interface HostOptions {
  readonly workspace: string
  readonly shell: AppInfo['shell']
  readonly version: string
  /** The built worker; null runs the engine in this thread. */
  readonly workerUrl: URL | null
  /** The built parse-worker; the one beside the worker by default. */
  readonly parserUrl?: URL
  /** A text says why, as a clause. */
  readonly readOnly?: boolean | string
  /** How long other holders of the workspace are watched and waited for. */
  readonly lock?: Omit<LockOptions, 'onLost'>
  /** Where mistakes of ours are written; a file of the workspace by default. */
  readonly logFile?: string | null
  /** Keys and passwords; in memory by default. */
  readonly keys?: KeyStore
  /** The user's own folder, where it is kept what a person allowed; in memory without it. */
  readonly userFolder?: string
  /** Files that the app was started with. */
  readonly open?: readonly string[]
  /** What a command line says beside the workspace. */
  readonly asked?: Asked
  /** Runs as they go on, where the engine is in this thread. */
  readonly runs?: Pick<HostOfWorker, 'runEvent' | 'runOver' | 'drained'>
  /** Whether MISP's posts are taken; by default wherever the app is shown. */
  readonly listen?: boolean
  /** Where posts are taken while the workspace does not say it. */
  readonly listener?: ListenerDefaults
}

/** What the app has of a host, wherever that is. */
export interface AppHost extends ShellHost {
  /** Of the workspace. */
  readonly folder: string
  readonly uploads: Pick<Uploads, 'receive' | 'take'>
  readonly opened: Pick<OpenedFiles, 'add'>
  /** The file of a data set, as it came. Throws where there is none. */
  dataFile(id: string): string
  close(): Promise<void>
}

export interface Host extends AppHost {
  readonly workspace: Workspace
  readonly uploads: Uploads
  readonly opened: OpenedFiles
  readonly capture: HostCapture
}

const drainMs = 600_000

const closeMs = 2000

export async function createHost(options: HostOptions): Promise<Host> {
  const listeners = new Listeners()
  const emit = <N extends EventName>(name: N, data: EventMap[N]): void =>
    listeners.tell({ name, data } as HostEvent, () => name === 'workflows.changed' && capture.workflowsChanged())
  const { listen } = listeners
  const bundle = createRunBundle((changed, removed) =>
    emit('runs.changed', { changed, removed, total: workspace.runs.size })
  )
  let atRest: readonly (Preparing | Indexing)[] = []
  const workspace: Workspace = await Workspace.open(options.workspace, {
    ...(options.readOnly ? { readOnly: options.readOnly } : {}),
    ...(options.lock ? { lock: options.lock } : {}),
    events: {
      runsChanged(changed, removed) {
        bundle.add(changed, removed)
        for (const one of atRest) one.note(changed, removed)
      },
      problem: (problem) => emit('workspace.problem', problem),
      changed() {
        emit('workspace.changed', workspace.info())
        capture.workspaceLost()
      }
    }
  })
  const logMistake = createLog(options, workspace)
  const mistake = tellOnce(
    logMistake,
    (code, message) => workspace.care.report({ file: 'retrace.log', code, message, keptAs: null }),
    failureOfSystem
  )
  // A terminal's short command ends with its status instead.
  const mortal = options.shell === 'terminal' ? () => undefined : surviveUncaught(mistake)
  const keeping = new Set<Promise<void>>()
  const tells = { mistake, keeping, problem: (message: string, file?: string) => capture.problemOnce(message, file) }
  const forWorker = { ...hostOfWorker(workspace, emit, tells), ...options.runs }
  const engine = createEngine(options, workspace, forWorker, mistake)
  const uploads = new Uploads(() => uploadFolder(workspace))
  const opened = new OpenedFiles(uploads, mistake)
  opened.add(options.open ?? [])
  const parserUrl = options.parserUrl ?? (options.workerUrl && parserBeside(options.workerUrl))
  const aside = new Aside({ url: parserUrl, hold: workspace.hold.ticket })
  const trust = new Trust(workspace, options.userFolder ?? null)
  const capture: HostCapture = new HostCapture({
    workspace,
    trust,
    emit,
    logMistake: mistake,
    listen: options.listen ?? options.shell !== 'terminal',
    listener: options.listener ?? {},
    parserUrl,
    aside
  })
  const services: Services = {
    ...{ workspace, uploads, opened, emit, capture, aside },
    app: appInfo(options),
    ...(options.asked ? { asked: options.asked } : {}),
    keys: options.keys ?? createMemoryKeys(),
    ...namedFiles(workspace),
    trust
  }
  if (workspace.writable && options.shell !== 'terminal')
    atRest = [prepareRuns(services, engine, logMistake), indexRuns(services, engine, logMistake)]
  if (workspace.writable && options.shell === 'terminal') services.prepare = (ids) => prepareNow(services, engine, ids)
  const tellTrust = (): void =>
    void trust.state().then(
      (state) => emit('trust.changed', state),
      (error: unknown) => mistake('trust', error)
    )
  trust.onChange(tellTrust)
  const registry = createRegistry(
    { ...hostHandlers(services, engine), ...forwardedHandlers(services, engine) },
    { logMistake, progress: (progress) => emit('job.progress', progress) }
  )
  const answering = { ...registry, listen, mistake, uploads, workspace }
  const holder = await serveHolder(answering)
  const watching = watchFiles(options, workspace, emit, tellTrust)
  return {
    ...answering,
    folder: workspace.folder,
    dataFile: (id) => workspace.data.fileOf(id),
    opened,
    capture,
    async close() {
      // Of a short command the others finish their work; the app was told to end.
      await holder?.close(options.shell === 'terminal' ? drainMs : closeMs)
      workspace.ending()
      for (const stop of watching) stop()
      for (const one of atRest) one.close()
      // A disk that died keeps no thread, no file and no lock.
      await closeAll(
        () => capture.close(),
        () => engine.stop(),
        () => aside.stop(),
        // Of the last runs the file is there before the list knows of it.
        () => Promise.all(keeping),
        () => bundle.flush(),
        () => uploads.close(),
        () => workspace.close(),
        mortal
      )
    }
  }
}

/** What other programs change in the workspace is told; each answer ends its watching. */
const watchFiles = (
  { shell }: HostOptions,
  { folder }: Workspace,
  emit: Services['emit'],
  tellTrust: () => void
): readonly (() => void)[] => [
  watchModules(join(folder, 'modules'), (files) => {
    emit('modules.changed', { files })
    tellTrust()
  }),
  ...(shell === 'terminal' ? [] : [watchCases(folder, () => emit('cases.changed', {}))])
]

const namedFiles = ({ folder, care }: Workspace): Pick<Services, 'mocks' | 'answers' | 'watches' | 'accepted'> => ({
  mocks: new NamedFiles(join(folder, 'mocks'), mocksShape, care),
  answers: new NamedFiles(join(folder, 'answers'), answersShape, care),
  watches: new NamedFiles(join(folder, 'watches'), watchesShape, care),
  accepted: new NamedFiles(join(folder, 'accepted'), acceptedShape, care)
})

function createLog({ logFile }: HostOptions, workspace: Workspace): LogMistake {
  const own = workspace.writable ? join(workspace.folder, 'retrace.log') : null
  return createMistakeLog(logFile === undefined ? own : logFile, () => settingsSecrets(workspace.settings))
}

const uploadFolder = ({ hold, folder }: Workspace): string =>
  hold.isHeld() ? join(folder, '.uploads') : join(tmpdir(), `retrace-uploads-${process.pid}`)

function createEngine(
  { workerUrl, shell }: HostOptions,
  workspace: Workspace,
  host: HostOfWorker,
  mistake: Host['mistake']
): EngineClient {
  if (!workerUrl) return createInlineEngine(host)
  return createThreadEngine(host, {
    url: workerUrl,
    onStopped: (reason) => mistake('worker', reason),
    onLost: (lost, { message }) => {
      for (const run of lost) keepLostRun(workspace, run, message).catch((error: unknown) => mistake('lost run', error))
    },
    hold: workspace.hold.ticket,
    soon: shell !== 'terminal'
  })
}

const appInfo = ({ version, shell }: HostOptions): Services['app'] => ({
  name: 'Retrace',
  version,
  shell,
  platform: process.platform,
  profiles: profileIds
})

function hostOfWorker(
  workspace: Workspace,
  emit: <N extends EventName>(name: N, data: EventMap[N]) => void,
  {
    mistake,
    keeping,
    problem
  }: Pick<HostOfWorker, 'problem'> & {
    readonly mistake: Host['mistake']
    readonly keeping: Set<Promise<void>>
  }
): HostOfWorker {
  return {
    runChanged(summary, kept) {
      const put = async (): Promise<void> => {
        const size = kept ? (await stat(workspace.runFile(summary.id))).size : summary.size
        await workspace.runs.put({ ...summary, size }, kept)
      }
      const done = put().catch((error: unknown) => mistake('runChanged', error))
      keeping.add(done)
      void done.then(() => keeping.delete(done))
    },
    // Who starts the thread keeps count.
    working: () => undefined,
    leaving: () => undefined,
    runProgress: (runId, steps, state) => emit('run.progress', { runId, steps, state }),
    mistake: (context, stack) => mistake(`worker ${context}`, stack),
    problem
  }
}
