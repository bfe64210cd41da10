// The host of an app whose workspace another process holds: operations, files and events pass through that one. Only what is of this app
// itself (its shell, the files that it was started with) is answered here.
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { HostEvent } from '../../contract/events.ts'
import { isOperationName } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import type { AppInfo, CaptureStatus } from '../../contract/workspace.ts'
import type { AppHost, HostOptions } from '../host.ts'
import { Listeners } from '../listeners.ts'
import { OpenedFiles } from '../opened-files.ts'
import { createMistakeLog } from '../ports/log.ts'
import { toFailure } from '../registry/failure.ts'
import { pathOf } from '../store/paths.ts'
import { surviveUncaught } from '../uncaught.ts'
import { Uploads } from '../uploads.ts'
import { connectToHolder, isAnswering, lockOf } from './find-holder.ts'
import { linkTo, type Link } from './link.ts'
import { settle } from './local-host.ts'
import { uploadCall, watchCall } from './serve-holder.ts'

export interface Relay extends AppHost {
  /** Who holds the workspace: "process 12". */
  readonly holder: string
  /** Resolves when the holder is gone, or this was closed. */
  readonly lost: Promise<void>
}

/** The holder speaks another language than this Retrace. `why`: a clause. */
export interface Foreign {
  readonly why: string
}

/** Null when nobody holds the workspace who can be spoken to within that time. */
export async function relayTo(root: string, options: HostOptions, withinMs: number): Promise<Relay | Foreign | null> {
  const socket = await connectToHolder(root)
  if (socket === null) return null
  const listeners = new Listeners()
  const holder = `process ${lockOf(root)?.pid ?? 'unknown'}`
  const link = linkTo(socket, (event) => listeners.tell(asSeen(event, holder)))
  let theirs: unknown = null
  let watches = false
  const ask = async (): Promise<void> => {
    theirs = settle<Partial<AppInfo> | null>(await link.call('app.info', {}))?.version
    const watching = theirs === options.version ? await link.call(watchCall, {}) : null
    watches = watching?.ok === true
    // One that is just ending is no holder of another build.
    if (watching?.ok === false && watching.error.code === 'HOST_LOST') settle(watching)
  }
  if (!(await isAnswering(ask, withinMs))) {
    socket.destroy()
    return null
  }
  if (watches) return relay(root, options, { link, listeners, holder })
  await link.close()
  const other = theirs === options.version ? 'another build' : `version ${String(theirs).slice(0, 40)}`
  return { why: `${holder} has it open with ${other} of Retrace, and this is ${options.version}: end it to write here` }
}

interface Parts {
  readonly link: Link
  readonly listeners: Listeners
  readonly holder: string
}

function relay(root: string, options: HostOptions, { link, listeners, holder }: Parts): Relay {
  const mistake = createMistakeLog(options.logFile ?? null)
  const mortal = options.shell === 'terminal' ? () => undefined : surviveUncaught(mistake)
  // In the workspace, which the holder can read whatever else is kept from it (a service sees neither our temporary files nor our home).
  const copies = new Uploads(() => join(root, '.uploads'))
  const hand = async (id: string, name?: string): Promise<string> => {
    try {
      const given = { file: copies.fileOf(id), ...(name === undefined ? {} : { name }) }
      return settle<{ readonly uploadId: string }>(await link.call(uploadCall, given)).uploadId
    } finally {
      await copies.discard(id)
    }
  }
  const uploads: AppHost['uploads'] = {
    receive: async (body, name) => hand(await copies.receive(body, name), name),
    take: async (file, name) => hand(await copies.take(file, name), name)
  }
  const opened = new OpenedFiles(uploads, mistake)
  opened.add(options.open ?? [])
  const own = async (name: string, params: unknown, callId?: string): Promise<Answer<unknown>> => {
    if (name === 'app.openedFiles') return { ok: true, data: await opened.take() }
    const answer = await link.call(name, params, callId)
    if (!answer.ok) return answer
    if (name === 'app.info')
      return { ok: true, data: { ...(answer.data as AppInfo), shell: options.shell, platform: process.platform } }
    if (name === 'capture.status' || name === 'capture.configure')
      return { ok: true, data: { ...(answer.data as CaptureStatus), elsewhere: holder } }
    return answer
  }
  return {
    ...{ folder: root, holder, uploads, opened, mistake, listen: listeners.listen, lost: link.lost },
    async call(name, params, callId) {
      try {
        // What is no operation is between the processes: a page must not name files of this machine.
        if (typeof name !== 'string' || !isOperationName(name))
          throw new CodedError('OPERATION_UNKNOWN', `There is no operation “${String(name).slice(0, 100)}”.`)
        const id = typeof callId === 'string' && callId !== '' && callId.length <= 200 ? callId : undefined
        return await own(name, params, id)
      } catch (error) {
        return { ok: false, error: toFailure(error, String(name), mistake) }
      }
    },
    dataFile: (id) => pathOf(join(root, 'data'), id, '.json'),
    async close() {
      await link.close()
      await copies.close()
      mortal()
    }
  }
}

/** The listener is that of another process. */
const asSeen = (event: HostEvent, holder: string): HostEvent =>
  event.name === 'capture.changed' ? { ...event, data: { ...event.data, elsewhere: holder } } : event
