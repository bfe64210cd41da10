// `retrace export`: a run as one JSON file; with --posts its posts as NDJSON, the exact bytes. Secrets are masked unless --secrets asks
// for them.
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { writeOut } from './output.ts'
import { withHost } from './workspace-host.ts'

export const exportCommand: Command = async (context) => {
  const kinds = {
    workspace: 'text',
    out: 'text',
    posts: 'flag',
    workflow: 'flag',
    secrets: 'flag'
  } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const format = options.posts ? 'ndjson' : options.workflow ? 'workflow' : 'json'
  const { text, missing } = await withHost(context, options.workspace, { looks: true }, (host) =>
    host.ask('runs.export', { runId: words[0] as string, format, unmasked: options.secrets })
  )
  for (const { id, why } of missing) context.complain(`Post ${id} is not in it. ${why}`)
  if (options.out === undefined) context.print(text.replace(/\n$/, ''))
  else {
    await writeOut(options.out, text)
    context.print(options.out)
  }
  return 0
}
