import type { ProfileId } from '../../src/engine/profiles/profiles.ts'

export interface Quirk {
  readonly module: string
  readonly title: string
  readonly text?: string
  readonly runs: readonly Run[]
}

interface Run {
  /** As a person types it in the project's folder. */
  readonly command: string
  /** What the title and the text claim of the output. */
  readonly prints: RegExp
  /** What the output has not. */
  readonly not?: RegExp
  /** The page shows the first line and those that match; without it all. */
  readonly only?: RegExp
}

interface Given {
  readonly params: object
  readonly more?: string
  readonly in?: ProfileId
  readonly prints: RegExp
  readonly not?: RegExp
  readonly only?: RegExp
}

/** `retrace module ID` with these parameters on examples/event.json, in 2.5.1 where no version is named. */
export function single(module: string, { params, more = '', in: profile = '2.5.1', ...claims }: Given): Run {
  const words = ['--data examples/event.json', more, `--profile ${profile}`].filter(Boolean).join(' ')
  return {
    command: `echo '${JSON.stringify(params)}' | npx misp-retrace module ${module} --params - ${words}`,
    ...claims
  }
}

/** What the page shows of an output. */
export function shownOf(printed: string, only: RegExp | undefined): string {
  if (only === undefined) return printed
  const lines = printed.split('\n').map((line, index) => (index === 0 || only.test(line) ? line : '…'))
  return lines.filter((line, index) => line !== '…' || lines[index - 1] !== '…').join('\n')
}
