// The holder's end: other processes of the same user work on the workspace through the process that holds it. They speak the wire of the
// pages (connect-shell.ts), one message a line; a message that is none costs its sender the connection.
import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { randomBytes } from 'node:crypto'
import { connectShell } from '../connect-shell.ts'
import type { ShellHost } from '../connect-shell.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Uploads } from '../uploads.ts'
import { toFailure } from '../registry/failure.ts'
import { mostAsked, readMessages, sendMessage } from './lines.ts'
import { lookAtPlace, prepareFolder, socketPlaces } from './socket-place.ts'

/** Not an operation: pages must not name files of this machine. */
export const uploadCall = 'holder.upload'
/** From now on events are told, too: for an app that looks on. */
export const watchCall = 'holder.watch'
/** Bytes of events and answers that one who looks on may leave unread. */
const mostUnread = 512 * 1024 * 1024
const uploadParams = z.strictObject({ file: z.string().min(1).max(10_000), name: z.string().max(10_000).optional() })

export interface ServedHolder {
  /** Lets those who are connected finish, for so long at most. */
  close(graceMs: number): Promise<void>
}

interface Served extends ShellHost {
  readonly workspace: Workspace
  readonly uploads: Uploads
}

/** Null where there is no place for a socket: then nobody works through this process, and commands are refused as to any other holder. */
export async function serveHolder(host: Served): Promise<ServedHolder | null> {
  const { folder, hold } = host.workspace
  if (hold.ticket === null || !hold.isHeld()) return null
  for (const path of socketPlaces(folder, hold.ticket.nonce)) {
    const served = await serveAt(host, path).catch((error: unknown) => {
      host.mistake('holder', error)
      return null
    })
    if (served === null) continue
    host.workspace.announce(path)
    return served
  }
  return null
}

async function serveAt(host: Served, path: string): Promise<ServedHolder | null> {
  const isPipe = process.platform === 'win32'
  // A socket is that of a holder which is gone: the workspace is ours. Anything else stays.
  if (!isPipe && (!prepareFolder(host.workspace.folder, path) || lookAtPlace(path) === 'other')) return null
  const connections = new Map<Socket, Connection>()
  const server = createServer((socket) => {
    connections.set(socket, serveOne(host, socket))
    socket.on('close', () => connections.delete(socket))
  })
  server.on('error', (error) => host.mistake('holder', error))
  // Node removes the name it has bound when it closes; ours must not be removed once it is somebody else's.
  const bound = isPipe ? path : join(dirname(path), `.${randomBytes(4).toString('hex')}`)
  await listenPrivately(server, bound)
  server.unref()
  let inode = 0n
  if (!isPipe) {
    chmodSync(bound, 0o600)
    inode = lstatSync(bound, { bigint: true }).ino
    renameSync(bound, path)
  }
  return {
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      if (!isPipe && lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino === inode)
        rmSync(path, { force: true })
      // Who looks on would stay for ever, and goes on by itself.
      for (const [socket, { isWatching }] of connections) if (isWatching()) socket.end()
      const timer = setTimeout(() => {
        for (const socket of connections.keys()) socket.destroy()
      }, graceMs)
      await closed
      clearTimeout(timer)
    }
  }
}

/** Nobody else may connect, not even for the moment before its mode is set. */
function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const before = process.umask(0o077)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(before)
    }
  })
}

interface Connection {
  readonly isWatching: () => boolean
}

function serveOne(host: Served, socket: Socket): Connection {
  let watch: (() => () => void) | null = null
  let unwatch: (() => void) | null = null
  const call: ShellHost['call'] = async (name, params, callId) => {
    if (name === watchCall) {
      unwatch ??= watch?.() ?? null
      return { ok: true, data: {} }
    }
    if (name !== uploadCall) return host.call(name, params, callId)
    try {
      const { file, name } = uploadParams.parse(params)
      return { ok: true, data: { uploadId: await host.uploads.take(file, name) } }
    } catch (error) {
      return { ok: false, error: toFailure(error, uploadCall, host.mistake) }
    }
  }
  const listen: ShellHost['listen'] = (receive) => {
    // A command asks and goes: it gets no events.
    watch = () => host.listen(receive)
    return () => unwatch?.()
  }
  const shell = connectShell(
    { call, mistake: host.mistake, listen },
    {
      post(text) {
        // It connects anew, if it ever reads again.
        if (unwatch !== null && socket.writableLength > mostUnread) socket.destroy()
        else sendMessage(socket, text)
      },
      broken: () => socket.destroy()
    }
  )
  readMessages(
    socket,
    (text) => shell.receive(text),
    () => socket.destroy(),
    mostAsked
  )
  socket.on('error', () => socket.destroy())
  socket.on('close', () => shell.close())
  return { isWatching: () => unwatch !== null }
}
