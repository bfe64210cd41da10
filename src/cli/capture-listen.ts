// `retrace listen`: the debug endpoint alone. Posts are kept and acknowledged; runs are made of them when somebody asks for runs.
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { debugUrl, isLoopback, type SourceRules } from '../host/capture/sources.ts'
import { defaultHost, defaultPort, Listener, SecretRequired, type ListenerEvent } from '../host/capture/listener.ts'
import { describeProblem } from '../host/capture/maintenance.ts'
import { maskTarget } from '../host/capture/mask.ts'
import { closeJournal, openJournal } from '../host/capture/open-journal.ts'
import { createMistakeLog, tellOnce } from '../host/ports/log.ts'
import type { Journal } from '../host/store/journal.ts'
import { Workspace } from '../host/store/workspace.ts'
import { surviveUncaught } from '../host/uncaught.ts'
import { numberOption, parseCommand } from './args.ts'
import { findCommand } from './commands.ts'
import type { Command } from './context.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { createStyle, visible } from './style.ts'

export const listenCommand: Command = async ({ args, print, complain, color, root }) => {
  const kinds = { host: 'text', port: 'text', workspace: 'text', secret: 'text' } as const
  const { options } = parseCommand(args, kinds, findCommand('listen')?.usage ?? '', { min: 0, max: 0 })
  const host = options.host ?? defaultHost
  const port = numberOption(options.port, 'port', 0, 65_535) ?? defaultPort
  const rules: SourceRules = { sources: [], ...(options.secret === undefined ? {} : { secret: options.secret }) }
  const workspace = await Workspace.open(options.workspace ?? defaultWorkspace(root), {
    events: {
      changed: () =>
        complain(
          `error WORKSPACE_READ_ONLY: ${visible(workspace.hold.reason ?? '')}: posts are refused (503) and not kept; MISP goes on`
        )
    }
  })
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
  const log = createMistakeLog(join(workspace.folder, 'retrace.log'))
  let mortal = (): void => undefined
  try {
    workspace.assertWritable()
    const folder = join(workspace.folder, 'capture')
    const { journal, problems } = await openJournal(folder, { hold: workspace.hold })
    for (const problem of problems) complain(`note ${visible(describeProblem(problem))}`)
    if (!isLoopback(host))
      complain(
        `warning ${host} can be reached from other machines: whoever knows the secret can post here, all others get 401`
      )
    const listener = await startOrExplain(journal, { host, port, rules, onEvent: show })
    mortal = surviveUncaught(tellOnce(log, (message) => complain(`error INTERNAL: ${message}`)))
    const address = listener.address
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
    workspace.ending()
    await listener.stop()
    await closeJournal(journal)
  } finally {
    await workspace.close()
    mortal()
  }
  return 0
}

async function startOrExplain(
  journal: Journal,
  options: Parameters<typeof Listener.start>[1] & { host: string; port: number }
): Promise<Listener> {
  try {
    return await Listener.start(journal, options)
  } catch (error) {
    await closeJournal(journal)
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
