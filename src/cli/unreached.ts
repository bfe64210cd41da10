// What a run did not execute, for people: what MISP skipped with its nodes and why, the rest in one line a reason.
import { chainText } from '../contract/chain.ts'
import type { Unreached } from '../contract/run-views.ts'
import { formatCount } from '../contract/words.ts'
import { visible, wrap } from './style.ts'
import type { Style } from './style.ts'

const mostNodes = 12
const mostReasons = 12

export function unreachedLines(unreached: readonly Unreached[], { yellow, dim }: Style, width: number): string[] {
  const lines = unreached.slice(0, mostReasons).flatMap(({ skipped, nodes, total, chain }) => {
    const named = nodes.slice(0, mostNodes).map(({ nodeId, moduleId }) => `node ${nodeId} ${moduleId}`.trim())
    const more = total > named.length ? ` and ${formatCount(total - named.length)} more` : ''
    const mark = skipped ? yellow('skipped    ') : dim('not reached')
    const said = wrap(visible(chainText(chain)), width - 6)
    return [`  ${mark}  ${visible(named.join(', '))}${more}`, ...said.map((line) => `      ${dim(line)}`)]
  })
  const left = unreached.length - mostReasons
  return left > 0 ? [...lines, dim(`  and nodes for ${formatCount(left)} more reasons`)] : lines
}
