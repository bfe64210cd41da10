import { commands } from '../../src/cli/commands.ts'
import { notes } from './command-notes.ts'
import { code, generated, plain, table } from './markdown.ts'

/** Which commands belong together, and what a person wants of them. A new command stands under the last one until it is named. */
const groups: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['Run', ['run', 'again', 'module']],
  ['Look into runs', ['runs', 'show', 'why', 'blame', 'find', 'diff', 'verify']],
  ['Capture', ['listen', 'import', 'export', 'send']],
  ['Cases', ['case', 'test']],
  ['Workflows and data', ['check', 'coverage', 'impact', 'hash', 'normalize', 'template', 'modules', 'blueprints']],
  ['Versions of MISP', ['profile', 'upgrade']],
  ['Workspaces and the app', ['serve', 'new', 'trust', 'completion']]
]

/** Each with an example of which the page shows what it prints. */
const examples: { readonly [command: string]: readonly string[] } = {
  check: ['npx misp-retrace check examples/workflow.json'],
  hash: [
    "npx misp-retrace hash extract 'Event.Attribute.{n}[type=ip-dst].value' --data examples/event.json",
    "npx misp-retrace hash get 'Event.Orgc.name' --data examples/event.json"
  ],
  import: ['npx misp-retrace import examples/posts.ndjson'],
  modules: ['npx misp-retrace modules stop-execution'],
  module: [
    `echo '{"condition": "equals", "threatlevel": "2"}' | npx misp-retrace module threat-level-if --params - --data examples/event.json`
  ]
}

export const examplesOf = (name: string): readonly string[] => examples[name] ?? []

export function commandPage(printed: ReadonlyMap<string, string>): string {
  const known = new Set(groups.flatMap(([, names]) => names))
  const others = commands.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  const sections = [...groups, ['More', others] as const].flatMap(([title, names]) => {
    const entries = commands.filter(({ name }) => names.includes(name))
    if (entries.length === 0) return []
    return [
      `## ${title}`,
      ...entries.flatMap(({ name, usage, summary }) => [
        `### ${name}`,
        plain(summary),
        `    npx misp-retrace ${usage}`,
        ...(notes[name] === undefined ? [] : [notes[name]]),
        ...examplesOf(name).map((line) => `\`\`\`console\n$ ${line}\n${printed.get(line) ?? ''}\n\`\`\``)
      ])
    ]
  })
  return [
    generated,
    '# Commands',
    `\`npx misp-retrace COMMAND …\`, also in a checkout; installed with \`npm install --global\` it is \`retrace COMMAND …\`. \`help\` lists the commands, \`COMMAND --help\` shows the line below. ` +
      'WORKFLOW and F are files (`-` is standard input) as MISP exports them, or the name or id of what a workspace has: the one of `--workspace D`, else the app’s own, else the demonstrations; D is a folder, RUN a run’s id, P a ' +
      '[version of MISP](versions.md) after `--profile` and a [hash path](hash-paths.md) after `--path`. Without `--workspace` commands that need one use the app’s own. While the app or `listen` has a workspace open, commands work through it. ' +
      'An option that is unknown, given twice or empty is refused; a value that begins with a dash is written `--option=-value`.',
    table(
      ['status', 'meaning'],
      [
        ['0', 'success'],
        [
          '1',
          'blocked; `diff`: something differs; `find`: nothing was found; `check`: there are errors; `coverage`: less than `--min`; `verify`: a run differs; `test`: a case does not pass; `import`: posts belong to no run'
        ],
        ['2', 'failure, or aborted by a PHP Error as MISP would be'],
        ['3', 'bad input'],
        ['4', 'cannot tell: something is missing that the answer depends on'],
        ['5', 'internal error']
      ]
    ),
    `What goes wrong is printed to standard error as \`error CODE: message\` ([errors](errors.md)). With ${code('--json')} nothing else than JSON is printed to standard output.`,
    ...sections,
    ''
  ].join('\n\n')
}
