// `retrace verify --accepted` and `--take-back`: the differences that somebody accepted.
import type { ListedDifference } from '../contract/verify.ts'
import { plural } from '../contract/words.ts'
import type { CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

interface Asked {
  readonly workspace: string | undefined
  readonly json: boolean
  /** Ids. */
  readonly takeBack: readonly string[]
}

/** Takes back what is named, then lists what is left. */
export async function acceptedDifferences(context: CommandContext, asked: Asked): Promise<number> {
  const { workspace, json, takeBack } = asked
  const list = await withHost(context, workspace, { looks: takeBack.length === 0 }, async (host) => {
    // All are there, or none is taken back.
    const known = new Set((await host.ask('verify.accepted', {})).map(({ id }) => id))
    for (const id of takeBack.toSorted((a, b) => Number(known.has(a)) - Number(known.has(b))))
      await host.ask('verify.unaccept', { id })
    return host.ask('verify.accepted', {})
  })
  if (json) context.print(JSON.stringify(list.map(asJson)))
  else show(context, list)
  return 0
}

const asJson = ({ id, runId, workflowId, of, nodeId, kind, path, reason, until, expired }: ListedDifference) => ({
  ...{ id, run: runId, workflow: workflowId, of, nodeId, kind, path, reason, until, expired }
})

function show({ print, color }: CommandContext, list: readonly ListedDifference[]): void {
  const { bold, dim, yellow } = createStyle(color)
  for (const one of list) {
    const { id, runId, of, nodeId, kind, path, reason, until, expired } = one
    const where = [nodeId === null ? null : `node ${nodeId}`, path].filter((part) => part !== null).join(' ')
    const whose = `${runId === null ? 'workflow' : `run ${runId}`} ${of === null ? '(gone)' : `“${of}”`}`
    print(`${bold(id)}  ${visible(`${kind} ${where}`.trim())}  ${dim(visible(whose))}`)
    print(`  ${expired ? yellow(`expired ${until}`) : `until ${until}`}: ${visible(reason)}`)
  }
  const expired = list.filter((one) => one.expired).length
  print(`${plural(list.length, 'accepted difference')}${expired === 0 ? '' : `, ${expired} expired`}`)
}
