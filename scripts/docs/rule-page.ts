import { rules, type Rule } from '../../src/contract/rules.ts'
import { generated, plain } from './markdown.ts'

const all = Object.entries<Rule>(rules)

const section = ([id, { title, why, fix }]: readonly [string, Rule]): string =>
  [`### ${id}`, `**${plain(title)}.** ${plain(why)}`, plain(fix)].join('\n\n')

export const rulePage = (): string =>
  [
    generated,
    '# Rules of a check',
    'Every problem that the editor and [`retrace check`](check.md) report, by its id. Ids stay as they are, because files that suppress problems name them.',
    '## Errors',
    'MISP refuses to save such a workflow.',
    ...all.filter(([, { severity }]) => severity === 'error').map(section),
    '## Warnings',
    'MISP saves these.',
    ...all.filter(([, { severity }]) => severity === 'warning').map(section),
    ''
  ].join('\n\n')
