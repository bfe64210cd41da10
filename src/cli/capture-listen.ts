// `retrace listen`: the debug endpoint without the app. Other commands work on the workspace through it.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asListenError } from '../host/ports/listen-error.ts'
import { CodedError } from '../contract/errors.ts'
import { isLoopback } from '../contract/loopback.ts'
import { maskUrls } from '../contract/secrets.ts'
import { defaultHost, defaultPort, SecretRequired } from '../host/capture/listen/listener.ts'
import type { ListenerEvent } from '../host/capture/listen/listener.ts'
import type { CommandListener } from '../host/capture/listen/listening.ts'
import { maskTarget } from '../host/capture/understand/mask.ts'
import { watchPosts } from '../host/capture/parting.ts'
import type { HostCapture } from '../host/capture/host-capture.ts'
import { createHost } from '../host/host.ts'
import { defaultWorkspace, userFolder } from '../host/user-folder.ts'
import { surviveUncaught } from '../host/uncaught.ts'
import { numberOption, parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { plural } from '../contract/words.ts'

export const listenCommand: Command = async (context) => {
  const { args, usage, print, complain, root, version } = context
  const kinds = { host: 'text', port: 'text', workspace: 'text', secret: 'text' } as const
  const { options } = parseCommand(args, kinds, usage, { min: 0, max: 0 })
  const host = options.host ?? defaultHost
  const port = numberOption(options.port, 'port', 0, 65_535) ?? defaultPort
  const retrace = await createHost({
    ...{ workspace: options.workspace ?? defaultWorkspace(), shell: 'terminal', version, listen: false },
    userFolder: userFolder(),
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs'))
  })
  const { workspace, capture } = retrace
  const secrets = (): readonly string[] => [...capture.settings.sources, options].flatMap(({ secret }) => secret ?? [])
  const parting = watchPosts(retrace)
  let mortal = (): void => undefined
  try {
    workspace.assertWritable()
    workspace.assertWritable()
    await capture.begun()
    for (const { message } of workspace.problems) complain(`note ${visible(message)}`)
    retrace.listen((event) => {
      if (event.name === 'workspace.problem') {
        const { code, message } = event.data
        complain(`${code === 'INTERNAL' ? 'error INTERNAL:' : 'note'} ${visible(message)}`)
      }
      if (event.name === 'workspace.changed' && !event.data.writable)
        complain(
          `error WORKSPACE_READ_ONLY: ${visible(event.data.readOnly ?? '')}: posts are refused (503) and not stored; MISP is not affected`
        )
    })
    if (!isLoopback(host))
      complain(
        `warning ${host} can be reached from other machines: whoever knows the secret can post here, all others get 401`
      )
    const { address, url } = await startOrExplain(capture, {
      ...{ host, port, onEvent: showing(context, secrets) },
      ...(options.secret === undefined ? {} : { secret: options.secret }),
      refused: (why) => complain(`warning ${why}: the sources were left unchanged`)
    })
    mortal = surviveUncaught(retrace.mistake)
    print(`listening http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`)
    complain(createStyle(context.color).dim(`Plugin.Workflow_debug_url = ${url}`))
    const { forward } = capture.settings
    if (forward !== null) complain(`note posts are sent on to ${visible(maskUrls(forward))}`)
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    const hazard = parting()
    if (hazard !== null) complain(`warning ${visible(hazard)}`)
  } finally {
    await retrace.close()
    mortal()
  }
  return 0
}

/** What becomes of each post, in a line. */
function showing(
  { print, complain, color }: CommandContext,
  secretsOf: () => readonly string[]
): (event: ListenerEvent) => void {
  const { dim, green, red } = createStyle(color)
  const shown = (target: string): string => visible(maskTarget(target, secretsOf()))
  return (event) => {
    if (event.type === 'post') {
      const { seq, bodyBytes, meta } = event.post
      const at = new Date(meta.at).toISOString()
      print(`${dim(at)} ${green(`#${seq}`)} ${shown(meta.target)} ${dim(`${bodyBytes} bytes`)}`)
    } else if (event.type === 'refused')
      complain(`${red(String(event.status))} ${shown(event.target)} (${event.reason})`)
    else if (event.type === 'disk-full')
      complain(
        `error STORE_WRITE_FAILED: the disk is full; a post of ${plural(event.bytes, 'byte')} was refused and not stored (${shown(event.target)})`
      )
    else complain(`error STORE_WRITE_FAILED: ${visible(event.message)}`)
  }
}

async function startOrExplain(capture: HostCapture, command: CommandListener): ReturnType<HostCapture['listenFor']> {
  try {
    return await capture.listenFor(command)
  } catch (error) {
    if (error instanceof SecretRequired) throw new CodedError('COMMAND_INVALID', `${error.message} (--secret S).`)
    throw await asListenError(error, command.host, command.port, '--port ')
  }
}
