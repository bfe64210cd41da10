// Which commands and things a query means, best first, by group. Pure.
import type { Command } from '../../stores/commands.ts'

export interface Choice extends Command {
  readonly note?: string
}

/** What can be done here comes before what can be done everywhere. */
const everywhere = new Set(['Go', 'Files', 'Appearance', 'Help'])

/** What the query begins, words' beginnings first: 0 does not match. `loose`: letters in order are enough. */
function scoreOf(choice: Choice, query: string, loose: boolean): number {
  const title = choice.title.toLowerCase()
  const text = `${title} ${choice.group} ${choice.words ?? ''}`.toLowerCase()
  if (query === '') return 1
  const at = text.indexOf(query)
  if (at >= 0) return at === 0 || text[at - 1] === ' ' ? 100 - Math.min(at, 50) : 40
  if (query.split(/\s+/).every((word) => text.includes(word))) return 30
  if (!loose) return 0
  let from = 0
  for (const letter of query) {
    const next = text.indexOf(letter, from)
    if (next < 0) return 0
    from = next + 1
  }
  return 1
}

const mostOfGroup = 8

/**
 * Commands and things that match, group by group, the group of the best match first. Things are only looked for when something is typed, a few
 * of each kind; `runs` matched already.
 */
export function matching(
  query: string,
  given: { readonly commands: readonly Choice[]; readonly things: readonly Choice[]; readonly runs: readonly Choice[] }
): readonly Choice[] {
  const wanted = query.trim().toLowerCase()
  const scored = [
    ...given.commands.map((choice) => ({ choice, score: scoreOf(choice, wanted, true), isThing: false })),
    ...(wanted === '' ? [] : given.things).map((choice) => ({
      ...{ choice, score: scoreOf(choice, wanted, false), isThing: true }
    })),
    ...(wanted === '' ? [] : given.runs).map((choice) => ({
      ...{ choice, score: Math.max(25, scoreOf(choice, wanted, false)), isThing: true }
    }))
  ].filter(({ score }) => score > 0)
  scored.sort(
    (a, b) => b.score - a.score || Number(everywhere.has(a.choice.group)) - Number(everywhere.has(b.choice.group))
  )
  const groups = new Map<string, Choice[]>()
  for (const { choice, isThing } of scored) {
    const group = groups.get(choice.group) ?? []
    if (!isThing || group.length < mostOfGroup) group.push(choice)
    groups.set(choice.group, group)
  }
  return [...groups.values()].flat()
}
