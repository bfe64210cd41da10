// Blocks of pages that show a command and what it prints:
//   ```console
//   $ npx misp-retrace run …
//   what it prints; a line `…` stands for any lines
//   ```
import { runCommand } from './run-command.ts'
import { timeless } from './timeless.ts'

const block = /^```console\n\$ (.+)\n([\s\S]*?)^```$/gm

/** Whether the lines shown are those that were printed, in their order. */
export function isShown(shown: string, printed: string): boolean {
  const parts = timeless(shown.trimEnd())
    .split(/^…$/m)
    .map((part) => part.replace(/^\n|\n$/g, ''))
  if (parts.length === 1) return parts[0] === printed
  let at = 0
  for (const [index, part] of parts.entries()) {
    if (part === '') continue
    const found = `\n${printed}\n`.indexOf(`\n${part}\n`, at)
    if (found < 0 || (index === 0 && found > 0)) return false
    at = found + part.length
  }
  const last = parts.at(-1) ?? ''
  return last === '' || `\n${printed}`.endsWith(`\n${last}`)
}

interface Block {
  readonly command: string
  readonly shown: string
}

export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(block)].map(([, command = '', shown = '']) => ({ command, shown }))

/** Commands of a page whose output is not what the page shows. */
export async function wrongBlocks(page: string): Promise<{ command: string; printed: string }[]> {
  const wrong = []
  for (const { command, shown } of blocksOf(page)) {
    const printed = await runCommand(command)
    if (!isShown(shown, printed)) wrong.push({ command, printed })
  }
  return wrong
}

export const commandsShown = (page: string): string[] => blocksOf(page).map(({ command }) => command)
