// `retrace serve`: the app in the browser.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CodedError } from '../contract/errors.ts'
import { isLoopback } from '../contract/loopback.ts'
import { serve } from '../server/index.ts'
import { numberOption, parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { visible } from './style.ts'

export const serveCommand: Command = async ({ args, print, complain, root, version, usage }) => {
  const kinds = { host: 'text', port: 'text', workspace: 'text', 'no-open': 'flag', 'allow-host': 'list' } as const
  const { options } = parseCommand(args, kinds, usage, { min: 0, max: 0 })
  const address = options.host ?? '127.0.0.1'
  const port = numberOption(options.port, 'port', 0, 65_535) ?? 0
  if (!isLoopback(address))
    complain(
      `warning ${address} can be reached from other machines; the address below contains the token, keep it secret`
    )
  const serving = await serve({
    workspace: options.workspace,
    version,
    workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs')),
    pageFolder: join(root, 'out', 'renderer'),
    address,
    port,
    say: (line) => complain(visible(line)),
    names: options['allow-host'].map(nameOf)
  })
  print(`open ${serving.url}`)
  if (!options['no-open']) serving.openInBrowser()
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  const hazard = serving.parting()
  if (hazard !== null) complain(`warning ${visible(hazard)}`)
  await serving.close()
  return 0
}

/** As a browser writes it into its Host header: a name, with a port where that is not the scheme's own. */
function nameOf(text: string): string {
  const name = text.toLowerCase()
  if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/.test(name)) return name
  throw new CodedError('COMMAND_INVALID', `--allow-host takes a name such as retrace.example.org, not “${text}”.`)
}
