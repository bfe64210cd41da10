// The pages that are made from the definitions, by their path in docs/.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../src/cli/commands.ts'
import { commandPage, examplesOf } from './command-page.ts'
import { errorPage } from './error-page.ts'
import { everyModule, moduleList, modulePage } from './module-pages.ts'
import { quirks } from './quirks.ts'
import { rulePage } from './rule-page.ts'
import { root, runCommand } from './run-command.ts'

/** Every command whose output a generated page shows. */
const shown = (): string[] => [
  ...commands.flatMap(({ name }) => examplesOf(name)),
  ...quirks.flatMap(({ runs }) => runs.map(({ command }) => command))
]

export async function buildPages(): Promise<ReadonlyMap<string, string>> {
  const printed = new Map<string, string>()
  for (const command of shown()) printed.set(command, await runCommand(command))
  const all = everyModule()
  return new Map([
    ['commands.md', commandPage(printed)],
    ['errors.md', errorPage(readFileSync(join(root, 'docs', 'errors.md'), 'utf8'))],
    ['rules.md', rulePage()],
    ['modules/README.md', moduleList(all)],
    ...all.map((known) => [`modules/${known.id}.md`, modulePage(known, printed)] as const)
  ])
}
