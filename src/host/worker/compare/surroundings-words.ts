// What differs around two runs: the version of MISP, with the rule that is known of the module where a difference starts, settings that both
// read, and nodes that only one of the workflows has.
import { mask } from '../../../contract/mask.ts'
import { claiming, listed, mispSetting, say, shownValue, theirs } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { plural } from '../../../contract/words.ts'
import { isProfileId } from '../../../engine/profiles/profiles.ts'
import { moduleRulesOf } from '../../../engine/profiles/module-rules.ts'
import { engineDifferences } from '../../../engine/profiles/rules.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'

type Run = 'a' | 'b'

const mostSettings = 2

export function surroundingsWords(compared: Compared): readonly Sentence[] {
  return [...versionWords(compared), ...settingWords(compared), ...graphWords(compared)]
}

const ofProfile = (run: Run, value: string): Sentence =>
  claiming(value, { kind: 'ran', run, of: 'profile', step: null, value })

function versionWords(compared: Compared): readonly Sentence[] {
  const [a, b] = [compared.a, compared.b].map(({ run }) => run.fold.started?.profile ?? '') as [string, string]
  if (a === b || a === '' || b === '') return []
  const said = say`A ran as MISP ${ofProfile('a', a)} does it, B as ${ofProfile('b', b)}`
  const rule = ruleOf(compared)
  if (rule !== null) return [say`${said}. Known of the module where a difference starts: ${rule}`]
  if (!isProfileId(a) || !isProfileId(b)) return [say`${said}.`]
  const n = engineDifferences(a, b).length
  const rules = claiming(plural(n, 'rule'), { kind: 'compared', of: 'rules', n })
  return [n > 0 ? say`${said}; they differ in ${rules} of the engine.` : say`${said}.`]
}

/** What is known of how the module of the first step where a difference starts differs between the two versions of MISP. */
export function ruleOf(
  compared: Compared,
  row = compared.rows.find(({ cause }) => cause === 'itself')
): Sentence | null {
  const [from, to] = [compared.a, compared.b].map(({ run }) => run.fold.started?.profile ?? '') as [string, string]
  if (row === undefined || row.a === null || from === to || !isProfileId(from) || !isProfileId(to)) return null
  const { moduleId } = compared.a.run.fold.steps[row.a - 1]!
  const rules = moduleRulesOf(moduleId, from, to)
  return rules.length > 0 ? theirs(rules.map(({ text }) => text).join(' ')) : null
}

/** Settings that both runs read, and that were not the same. */
function settingWords({ a, b }: Compared): readonly Sentence[] {
  const [one, other] = [a.run.settings ?? {}, b.run.settings ?? {}]
  const names = Object.keys(one).filter((name) => {
    const [was, is] = [one[name], other[name]]
    return is !== undefined && was !== mask && is !== mask && JSON.stringify(was) !== JSON.stringify(is)
  })
  if (names.length === 0) return []
  const parts = names.slice(0, mostSettings).map((name) => {
    const value = (run: Run, text: string): Sentence =>
      claiming(text, { kind: 'ran', run, of: 'setting', step: null, value: text })
    const [was, is] = [shownValue(one[name] ?? null), shownValue(other[name] ?? null)]
    return say`${mispSetting(name)} is ${value('a', was)} in A and ${value('b', is)} in B`
  })
  const more = names.length - parts.length
  const rest = claiming(String(more), { kind: 'compared', of: 'settings', n: more })
  return [say`Settings differ: ${listed(parts, ';')}${more > 0 && say`; and ${rest} more`}.`]
}

function graphWords({ a, b, nodes }: Compared): readonly Sentence[] {
  if (a.graph.size === 0 || b.graph.size === 0 || a.run.rebuilt || b.run.rebuilt) return []
  const alone = [
    [a.graph.size - nodes.toB.size, 'a', say`only in A`],
    [b.graph.size - nodes.toB.size, 'b', say`only in B`]
  ] as const
  const parts = alone.flatMap(([n, run, where]) => {
    const count = claiming(plural(n, 'node'), { kind: 'compared', of: `nodes only ${run}`, n })
    return n > 0 ? [say`${count} ${where}`] : []
  })
  return parts.length > 0 ? [say`The workflows differ: ${listed(parts, 'and')}.`] : []
}
