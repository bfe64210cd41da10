// A page for each module that ships with some version of MISP, and a list of all.
import type { Json } from '../../src/contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../src/contract/modules.ts'
import { lineage, profileIds } from '../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { moduleRulesOf } from '../../src/engine/profiles/module-rules.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { and, code, generated, plain, table } from './markdown.ts'
import { factsOf } from './module-facts.ts'
import { quirks } from './quirks.ts'
import { shownOf } from './quirk.ts'
import type { Quirk } from './quirk.ts'

const types = ['trigger', 'logic', 'action'] as const
const titles = { trigger: 'Triggers', logic: 'Logic modules', action: 'Action modules' } as const

interface Known {
  readonly id: string
  /** As the newest version that has it defines it. */
  readonly definition: ModuleDefinition
  readonly profile: ProfileId
  readonly in: ReadonlyMap<ProfileId, ModuleDefinition>
}

/** Every module of any version, by type and then by name, as MISP lists them. */
export function everyModule(): Known[] {
  return types.flatMap((type) => {
    const found = new Map<string, Map<ProfileId, ModuleDefinition>>()
    for (const profile of profileIds)
      for (const definition of modulesOf(profile).list()[`modules_${type}`])
        found.set(definition.id, (found.get(definition.id) ?? new Map()).set(profile, definition))
    return [...found]
      .map(([id, at]) => {
        const [profile, definition] = [...at][0] as [ProfileId, ModuleDefinition]
        return { id, definition, profile, in: at }
      })
      .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
  })
}

const versionsOf = ({ in: at }: Known): string[] => profileIds.map((id) => at.get(id)?.version ?? '–')

type Of = Pick<Known, 'definition' | 'profile'>

const value = (of: Json | undefined): string => (of === undefined || of === '' ? '' : code(JSON.stringify(of)))

function choices(param: ParamDefinition, of: Of): string {
  if (modulesOf(of.profile).hasWorldOptions(of.definition, param.id)) return 'from MISP’s database or a service'
  const { options } = param
  if (param['jinja_supported'] === true) return 'a template is rendered'
  if (options === null || typeof options !== 'object') return ''
  const list = Array.isArray(options) ? options.map(String) : Object.keys(options)
  return list.map(code).join(', ')
}

const paramRow = (param: ParamDefinition, of: Of): string[] => [
  code(param.id),
  plain(String(param['label'] ?? '')),
  param.type,
  value(param['default']),
  choices(param, of)
]

/** What a parameter is in another version, as far as that is not what it is `now`. */
function paramDifferences(param: ParamDefinition, of: Of, now: ParamDefinition, newest: Of): string[] {
  const [name, , kind, initial, here] = paramRow(param, of)
  const [, , kindNow, initialNow, hereNow] = paramRow(now, newest)
  const rendered = 'a template is rendered'
  return [
    ...(kind === kindNow ? [] : [`${name} is ${/^[aeiou]/.test(kind ?? '') ? 'an' : 'a'} ${kind}`]),
    ...(initial === initialNow ? [] : [`the default of ${name} is ${initial || 'empty'}`]),
    ...(here === hereNow
      ? []
      : here === rendered || hereNow === rendered
        ? [`${here === rendered ? 'a' : 'no'} template is rendered in ${name}`]
        : [`${name} offers ${here === '' ? 'nothing to choose from' : here?.replace(/^from/, 'what comes from')}`])
  ]
}

/** Lines of a list, said once for all versions of which they are true. */
function byVersion(lines: readonly (readonly [profile: ProfileId, text: string])[]): string[] {
  const texts = [...new Set(lines.map(([, text]) => text))]
  return texts.map((text) => `- In ${and(lines.filter(([, its]) => its === text).map(([id]) => id))}: ${text}`)
}

/** What the parameters of other versions are, where they are not those of the newest. */
function otherParams({ in: at, definition, profile }: Known): string[] {
  const rows = (of: Of): string => JSON.stringify(of.definition.params.map((param) => paramRow(param, of)))
  const newest = { definition, profile }
  const own = rows(newest)
  const lines = [...at].flatMap(([other, its]): (readonly [ProfileId, string])[] => {
    const { params } = its
    const here = { definition: its, profile: other }
    const ids = params.map(({ id }) => id)
    if (other === profile || rows(here) === own) return []
    const gone = ids.filter((id) => !definition.params.some((param) => param.id === id))
    const lacking = definition.params.filter(({ id }) => !ids.includes(id)).map(({ id }) => id)
    const changed = params.flatMap((param) => {
      const now = definition.params.find(({ id }) => id === param.id)
      return now ? paramDifferences(param, here, now, newest) : []
    })
    const text = [
      ...(lacking.length > 0 ? [`there is no ${lacking.map(code).join(', ')}`] : []),
      ...(gone.length > 0 ? [`there is also ${gone.map(code).join(', ')}`] : []),
      ...changed
    ].join('; ')
    return [[other, `${text}.`]]
  })
  return byVersion(lines)
}

/** What is known to differ between two versions that follow each other, said once for each change. */
function changesOf({ id }: Known): string[] {
  const pairs = (['2.5-newest', '2.5.19', '2.4.198', '2.4.177'] as const).map(
    (newer) => [newer, lineage[newer][1] as ProfileId] as const
  )
  return pairs.flatMap(([profile, base]) => moduleRulesOf(id, base, profile).map(({ text }) => `- ${plain(text)}`))
}

/** What the facts of other versions say otherwise than those of the newest. */
function otherFacts({ in: at, definition, profile }: Known): string[] {
  const own = new Set(factsOf(modulesOf(profile), definition))
  return byVersion(
    [...at].flatMap(([other, its]) =>
      factsOf(modulesOf(other), its)
        .filter((line) => !own.has(line))
        .map((line) => [other, line] as const)
    )
  )
}

function quirkLines(quirk: Quirk, printed: ReadonlyMap<string, string>): string[] {
  return [
    `### ${quirk.title}`,
    ...(quirk.text ? [quirk.text] : []),
    ...quirk.runs.map(
      (run) => `\`\`\`console\n$ ${run.command}\n${shownOf(printed.get(run.command) ?? '', run.only)}\n\`\`\``
    )
  ]
}

export function modulePage(known: Known, printed: ReadonlyMap<string, string>): string {
  const { id, definition, profile } = known
  const modules = modulesOf(profile)
  const changes = [...changesOf(known), ...otherFacts(known)]
  const own = quirks.filter(({ module }) => module === id)
  return [
    generated,
    `# ${plain(definition.name)}`,
    `${code(id)} · ${definition.module_type === 'trigger' ? 'trigger' : `${definition.module_type} module`} · ${plain(definition.description)}`,
    table(['MISP', ...profileIds], [['version of the module', ...versionsOf(known)]]),
    factsOf(modules, definition)
      .map((line) => `- ${line}`)
      .join('\n'),
    ...(definition.params.length > 0
      ? [
          '## Parameters',
          table(
            ['parameter', 'label', 'kind', 'default', 'choices'],
            definition.params.map((param) => paramRow(param, known))
          ),
          ...(otherParams(known).length > 0 ? [otherParams(known).join('\n')] : [])
        ]
      : []),
    ...(changes.length > 0 ? ['## By version', changes.join('\n')] : []),
    ...(own.length > 0 ? ['## Quirks', ...own.flatMap((quirk) => quirkLines(quirk, printed))] : []),
    ''
  ].join('\n\n')
}

export function moduleList(all: readonly Known[]): string {
  const count = (id: string): number => quirks.filter(({ module }) => module === id).length
  return [
    generated,
    '# Modules',
    `Every module that ships with one of the [five versions](../versions.md) of MISP that Retrace knows, with the version of the module in each, and how many quirks its page shows. ` +
      'Each quirk comes with a command to try it; the files are in `examples/`. Modules of a misp-modules service and [custom modules](../custom-modules.md) come beside these.',
    ...types.flatMap((type) => [
      `## ${titles[type]}`,
      table(
        ['module', ...(type === 'trigger' ? ['blocking'] : []), ...profileIds, 'quirks'],
        all
          .filter(({ definition }) => definition.module_type === type)
          .map((known) => [
            `[${plain(known.definition.name)}](${known.id}.md) ${code(known.id)}`,
            ...(type === 'trigger' ? [known.definition.blocking ? 'yes' : ''] : []),
            ...versionsOf(known),
            String(count(known.id) || '')
          ])
      )
    ]),
    ''
  ].join('\n\n')
}
