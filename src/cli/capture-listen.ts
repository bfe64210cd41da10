// `retrace listen`: the debug endpoint without the app. Other commands work on the workspace through it.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CodedError } from '../contract/errors.ts'
import { isLoopback } from '../contract/loopback.ts'
import { debugUrl, type SourceRules } from '../host/capture/sources.ts'
import { defaultHost, defaultPort, SecretRequired } from '../host/capture/listener.ts'
import type { Listener, ListenerEvent, ListenerOptions } from '../host/capture/listener.ts'
import { maskTarget } from '../host/capture/mask.ts'
import type { CaptureService } from '../host/capture/service.ts'
import { createHost } from '../host/host.ts'
import { userFolder } from '../host/user-folder.ts'
import { surviveUncaught } from '../host/uncaught.ts'
import { numberOption, parseCommand } from './args.ts'
import { findCommand } from './commands.ts'
import type { Command } from './context.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { createStyle, visible } from './style.ts'

export const listenCommand: Command = async ({ args, print, complain, color, root, version }) => {
  const kinds = { host: 'text', port: 'text', workspace: 'text', secret: 'text' } as const
  const { options } = parseCommand(args, kinds, findCommand('listen')?.usage ?? '', { min: 0, max: 0 })
  const host = options.host ?? defaultHost
  const port = numberOption(options.port, 'port', 0, 65_535) ?? defaultPort
  const rules: SourceRules = { sources: [], ...(options.secret === undefined ? {} : { secret: options.secret }) }
  const retrace = await createHost({
    ...{ workspace: options.workspace ?? defaultWorkspace(root), shell: 'terminal', version, listen: false },
    userFolder: userFolder(),
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs'))
  })
  const { workspace } = retrace
  const { dim, green, red } = createStyle(color)
  const secrets = options.secret === undefined ? [] : [options.secret]
  const show = (event: ListenerEvent): void => {
    if (event.type === 'post') {
      const { seq, bodyBytes, meta } = event.post
      print(
        `${dim(new Date(meta.at).toISOString())} ${green(`#${seq}`)} ${visible(maskTarget(meta.target, secrets))} ${dim(`${bodyBytes} bytes`)}`
      )
    } else if (event.type === 'refused')
      complain(`${red(String(event.status))} ${visible(maskTarget(event.target, secrets))} (${event.reason})`)
    else if (event.type === 'disk-full')
      complain(
        `error STORE_WRITE_FAILED: the disk is full; a post of ${event.bytes} bytes was refused and is not kept (${visible(maskTarget(event.target, secrets))})`
      )
    else complain(`error STORE_WRITE_FAILED: ${visible(event.message)}`)
  }
  let mortal = (): void => undefined
  try {
    workspace.assertWritable()
    const service = await retrace.capture.taking()
    for (const { message } of workspace.problems) complain(`note ${visible(message)}`)
    retrace.listen((event) => {
      if (event.name === 'workspace.problem') {
        const { code, message } = event.data
        complain(`${code === 'INTERNAL' ? 'error INTERNAL:' : 'note'} ${visible(message)}`)
      }
      if (event.name === 'workspace.changed' && !event.data.writable)
        complain(
          `error WORKSPACE_READ_ONLY: ${visible(event.data.readOnly ?? '')}: posts are refused (503) and not kept; MISP goes on`
        )
    })
    if (!isLoopback(host))
      complain(
        `warning ${host} can be reached from other machines: whoever knows the secret can post here, all others get 401`
      )
    const { address } = await startOrExplain(service, { host, port, rules, onEvent: show })
    mortal = surviveUncaught(retrace.mistake)
    print(`listening http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`)
    complain(
      dim(
        `Plugin.Workflow_debug_url = ${debugUrl(isLoopback(host) ? host : address.host, address.port, { name: 'default' }, rules)}`
      )
    )
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
  } finally {
    await retrace.close()
    mortal()
  }
  return 0
}

async function startOrExplain(
  service: CaptureService,
  options: ListenerOptions & { readonly host: string; readonly port: number }
): Promise<Listener> {
  try {
    return await service.listen(options)
  } catch (error) {
    if (error instanceof SecretRequired) throw new CodedError('COMMAND_INVALID', `${error.message} (--secret S).`)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE')
      throw new CodedError('ADDRESS_IN_USE', `${options.host}:${options.port} is taken by another program.`)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      throw new CodedError('COMMAND_INVALID', `Cannot listen on ${options.host}:${options.port} (${code}).`)
    }
    throw error
  }
}
