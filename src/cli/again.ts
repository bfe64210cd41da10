// `retrace again`: a run of Retrace once more, from its file alone, or in the world of the workspace as it is now.
import { againCodes } from '../contract/run.ts'
import type { Result } from '../contract/operations.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { drained } from './drained.ts'
import { checkOut } from './output.ts'
import { assertKept, ShownRun } from './shown-run.ts'
import { visible } from './style.ts'
import { withHost } from './workspace-host.ts'

const kinds = {
  workspace: 'text',
  'todays-world': 'flag',
  keep: 'flag',
  json: 'flag',
  posts: 'text',
  secrets: 'flag'
} as const

export const againCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const { keep, posts, workspace } = options
  if (posts !== undefined && posts !== '-') checkOut(posts)
  return withHost(context, workspace, { looks: !keep, here: !keep, drained }, async (host) => {
    const runId = words[0] as string
    // Why it cannot be run again is said before why its workflow is not known.
    const workflow = await host.ask('run.workflow', { runId }).then(
      (known) => known.workflow,
      () => null
    )
    const shown = new ShownRun(context, options, workflow)
    const asked = { runId, todaysWorld: options['todays-world'], keep }
    let isChanged = false
    const { lacks, now }: Result<'run.again'> = await host.again(asked, (event) => {
      isChanged ||= event.type === 'note' && againCodes.includes(event.data.code)
      shown.take(event)
    })
    for (const lack of lacks) context.complain(`note ${visible(lack)}`)
    if (options['todays-world'] && lacks.length === 0 && !isChanged)
      context.complain('note Nothing that the run depends on has changed since.')
    const status = await shown.end(now ?? undefined)
    if (keep) await assertKept(host, shown.runId)
    if (keep && !options.json) context.print(`kept as ${shown.runId}`)
    return status
  })
}
