// The app's workspaces: the person's own one, their home, which takes MISP's posts as long as the app runs, and the one that is looked at,
// which may be a demonstration. To shells this is one host: calls and events are those of the workspace that is looked at, but for the
// listener, which is home's.
import { basename, join, resolve } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { HostEvent } from '../../contract/events.ts'
import type { CaptureStatus, WorkspaceInfo } from '../../contract/workspace.ts'
import type { SwitchedWorkspace, WorkspaceList } from '../../contract/workspaces.ts'
import type { Relay } from '../holder/relay.ts'
import { createHost } from '../host.ts'
import type { AppHost, Host, HostOptions } from '../host.ts'
import { Listeners } from '../listeners.ts'
import { createRegistry } from '../registry/registry.ts'
import type { Handlers, WorkspacesOperation } from '../registry/registry.ts'
import { isThere, makeFolder } from '../store/files.ts'
import { listDemonstrations, placeDemonstration } from './demonstrations.ts'
import { openHome, type Home } from './open-home.ts'
import { forgetWorkspace, readRecent, rememberWorkspace } from './recent.ts'

export interface WorkspacesOptions extends HostOptions {
  /** The person's own folder: demonstrations and new workspaces are below it. */
  readonly userFolder: string
}

/** Asked of the listener, which is home's whatever is looked at. */
const ofListener: ReadonlySet<string> = new Set(['capture.status', 'capture.settings', 'capture.configure'])

/** A holder that ends may have posts to group before. */
const endingMs = 60_000

/** The default one has a name of its own; others are called as their folders. */
const nameOf = (folder: string, userFolder: string): string =>
  resolve(folder) === resolve(userFolder, 'workspace') ? 'My workspace' : basename(folder)

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const isWorkspace = (folder: string): Promise<boolean> => isThere(join(folder, 'catalogue.json'))

export async function createWorkspaces(options: WorkspacesOptions): Promise<AppHost> {
  const workspaces = new Workspaces(options, await openHome(options))
  await workspaces.remember()
  return workspaces.asHost()
}

class Workspaces {
  private readonly listeners = new Listeners()
  /** The demonstration that is looked at. */
  private shown: { readonly id: string; readonly host: Host } | null = null
  private silence: (() => void)[] = []
  private turn: Promise<unknown> = Promise.resolve()
  private takingOver: Promise<unknown> = Promise.resolve()
  private isClosing = false

  constructor(
    private readonly options: WorkspacesOptions,
    private home: Home
  ) {
    this.hear()
    this.watch(home)
  }

  private get current(): AppHost {
    return this.shown?.host ?? this.home
  }

  asHost(): AppHost {
    const own = createRegistry(this.handlers(), {
      logMistake: (context, error) => this.current.mistake(context, error)
    })
    const answering = () => this.current
    return {
      call: async (name, params, callId) => {
        if (typeof name === 'string' && name.startsWith('workspaces.')) return own.call(name, params, callId)
        // Nobody can be asked until it is open again.
        await this.takingOver
        return (ofListener.has(name) ? this.home : this.current).call(name, params, callId)
      },
      listen: this.listeners.listen,
      mistake: (context, error) => this.current.mistake(context, error),
      dataFile: (id) => this.current.dataFile(id),
      get folder() {
        return answering().folder
      },
      get uploads() {
        return answering().uploads
      },
      get opened() {
        return answering().opened
      },
      close: () => {
        this.isClosing = true
        return this.next(() => this.close())
      }
    }
  }

  /** The process that this one works through may end at any time: then the workspace is opened here, and posts are taken as the settings say. */
  private watch({ through }: Home): void {
    void through?.lost.then(() => {
      if (this.isClosing || this.home.through !== through) return
      this.takingOver = this.next(() => this.takeOver(through)).catch((error: unknown) =>
        this.current.mistake('taking the workspace over', error)
      )
    })
  }

  private async takeOver(gone: Relay): Promise<void> {
    if (this.isClosing || this.home.through !== gone) return
    const { home } = this
    const next = await openHome({ ...this.options, workspace: home.folder, open: [] }, endingMs)
    this.home = next
    this.hear()
    this.watch(next)
    await home.close()
    await this.tellHome(gone.holder)
  }

  /** Pages stay: it is the same workspace, of which they ask again what may have changed. */
  private async tellHome(gone: string): Promise<void> {
    const { home } = this
    const info = await home.call('workspace.info', {})
    if (!info.ok) return
    const workspace = info.data as WorkspaceInfo
    const status = await home.call('capture.status', {})
    const { url, elsewhere } = (status.ok ? status.data : {}) as Partial<CaptureStatus>
    const now = elsewhere
      ? `it works through ${elsewhere}`
      : workspace.writable
        ? `it is open here${url ? `, and MISP’s posts are taken at ${url}` : '; the listener is off'}`
        : `it is read-only here: ${workspace.readOnly}`
    const message = `${capitalized(gone)}, which had this workspace open, has ended. From now on ${now}.`
    const problem = { file: 'workspace', code: 'HOST_LOST', message, keptAs: null } as const
    if (this.shown === null) {
      this.listeners.tell({ name: 'workspace.changed', data: workspace })
      this.listeners.tell({ name: 'runs.changed', data: { changed: [], removed: [], total: workspace.runs } })
    }
    if (status.ok) this.listeners.tell({ name: 'capture.changed', data: status.data as CaptureStatus })
    this.listeners.tell({ name: 'workspace.problem', data: problem })
  }

  private handlers(): Handlers<WorkspacesOperation> {
    return {
      'workspaces.list': () => this.list(),
      'workspaces.open': (where) =>
        this.next(() =>
          'demonstration' in where ? this.openDemonstration(where.demonstration) : this.openOwn(where.folder)
        ),
      'workspaces.create': ({ name }) => this.next(() => this.create(name)),
      'workspaces.forget': async ({ folder }) => {
        await forgetWorkspace(this.options.userFolder, folder)
        return this.list()
      }
    }
  }

  private async list(): Promise<WorkspaceList> {
    const { userFolder } = this.options
    const own = (await readRecent(userFolder)).map(async ({ folder, openedAt }) => ({
      ...{ folder, openedAt, name: nameOf(folder, userFolder) },
      isMissing: !(await isThere(folder))
    }))
    const { folder } = this.home
    return {
      folder: this.current.folder,
      demonstration: this.shown?.id ?? null,
      home: { folder, name: nameOf(folder, userFolder) },
      own: await Promise.all(own),
      demonstrations: await listDemonstrations()
    }
  }

  private async openDemonstration(id: string): Promise<SwitchedWorkspace> {
    const { folder, start } = await placeDemonstration(this.options.userFolder, id)
    if (this.shown?.id !== id) {
      const host = await createHost({ ...this.options, workspace: folder, listen: false, open: [] })
      await this.show({ id, host })
    }
    return this.switched(start)
  }

  private async openOwn(folder: string): Promise<SwitchedWorkspace> {
    const at = resolve(folder)
    if (at === resolve(this.home.folder)) return this.openAt(at)
    // A page names no folder of this machine that a person did not open here before.
    if (this.options.shell === 'browser' && !(await this.isKnown(at)))
      throw new CodedError(
        'WORKSPACE_NOT_FOUND',
        `${at} was not opened here before; start Retrace with --workspace ${at} once.`
      )
    if (!(await isWorkspace(at))) throw new CodedError('WORKSPACE_NOT_FOUND', `There is no workspace in ${at}.`)
    return this.openAt(at)
  }

  private async isKnown(folder: string): Promise<boolean> {
    return (await readRecent(this.options.userFolder)).some((one) => resolve(one.folder) === folder)
  }

  private async create(name: string): Promise<SwitchedWorkspace> {
    const at = join(this.options.userFolder, 'workspaces', name)
    if (await isThere(at)) throw new CodedError('FILE_EXISTS', `There is a workspace “${name}” already.`)
    await makeFolder(at)
    return this.openAt(at)
  }

  /** Makes the workspace in a folder the person's home. It is open before the old one is closed, and MISP's posts go there from then on. */
  private async openAt(folder: string): Promise<SwitchedWorkspace> {
    if (folder === resolve(this.home.folder)) {
      await this.show(null)
      return this.switched('#/runs')
    }
    const next = await openHome({ ...this.options, workspace: folder, listen: false, open: [] })
    const { home, shown } = this
    this.home = next
    this.shown = null
    this.hear()
    this.watch(next)
    await next.capture?.takeOver(home.capture)
    await shown?.host.close()
    await home.close()
    await this.remember()
    return this.switched('#/runs')
  }

  private async show(next: { readonly id: string; readonly host: Host } | null): Promise<void> {
    const { shown } = this
    this.shown = next
    this.hear()
    await shown?.host.close()
  }

  /** Pages start anew: what they show is of another workspace. */
  private switched(start: string): SwitchedWorkspace {
    const { folder } = this.current
    this.listeners.tell({ name: 'workspaces.switched', data: { folder, start } })
    return { folder, start }
  }

  async remember(): Promise<void> {
    await rememberWorkspace(this.options.userFolder, this.home.folder, new Date().toISOString())
  }

  private hear(): void {
    for (const silence of this.silence) silence()
    const { home, current } = this
    const isOfListener = ({ name }: HostEvent): boolean => name === 'capture.changed'
    this.silence =
      home === current
        ? [home.listen((event) => this.listeners.tell(event))]
        : [
            home.listen((event) => isOfListener(event) && this.listeners.tell(event)),
            current.listen((event) => !isOfListener(event) && this.listeners.tell(event))
          ]
  }

  /** One switch at a time. */
  private next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => undefined)
    return done
  }

  private async close(): Promise<void> {
    await this.shown?.host.close()
    await this.home.close()
  }
}
