// `retrace completion SHELL`: what the shell evaluates to complete commands. `completion suggest -- WORDS` is what that asks.
import { CodedError } from '../contract/errors.ts'
import { parseCommand } from './args.ts'
import { complete, type Candidate, type Lists } from './complete.ts'
import { completionScripts } from './completion-scripts.ts'
import type { Command, CommandContext } from './context.ts'
import { filesOfKind } from './names.ts'
import { visible } from './style.ts'

export const completionCommand: Command = async (context) => {
  const { words } = parseCommand(context.args, {}, context.usage, {
    ...{ min: 1, max: 10_000 },
    // The word that is not begun yet.
    mayBeEmpty: true
  })
  const [shell = '', ...line] = words
  if (shell === 'suggest') return suggest(context, line)
  if (line.length > 0 || !Object.hasOwn(completionScripts, shell)) {
    const known = Object.keys(completionScripts).join(', ')
    throw new CodedError(
      'COMMAND_INVALID',
      `completion takes the name of one shell (${known}), not “${words.join(' ')}”.`
    )
  }
  context.print(completionScripts[shell as keyof typeof completionScripts])
  return 0
}

async function suggest(context: CommandContext, words: readonly string[]): Promise<number> {
  const { files, candidates } = await complete(words, listsOf(context))
  context.print(files)
  for (const { value, about } of candidates) if (isPlain(value)) context.print(`${value}\t${visible(about)}`)
  return 0
}

/** A name with a line break or a tab in it would be another candidate. */
const isPlain = (value: string): boolean => value !== '' && visible(value) === value

/** Tab never ends in an error: what cannot be read has no names. */
const orNone = async (list: () => Promise<readonly Candidate[]>): Promise<readonly Candidate[]> =>
  list().catch(() => [])

const listsOf = (context: CommandContext): Lists => ({
  named: (kind, workspace) =>
    orNone(async () => (await filesOfKind(kind, workspace)).map(({ id, name }) => ({ value: id, about: name }))),
  runs: (workspace) =>
    orNone(async () => {
      const { withHost } = await import('./workspace-host.ts')
      const quiet = { ...context, complain: () => undefined }
      const { runs } = await withHost(quiet, workspace, { looks: true, here: true }, (host) =>
        host.ask('runs.rows', {})
      )
      return runs.map((run) => ({
        value: run.id,
        about: [run.workflowName ?? run.trigger, run.outcome ?? 'no end', run.startedAt].join(', ')
      }))
    }),
  profiles: async () => {
    const { profileIds } = await import('../engine/profiles/profiles.ts')
    return profileIds.map((value) => ({ value, about: `MISP ${value}` }))
  },
  modules: async (type, profile) => {
    const { allModules } = await import('../host/worker/runs/module-table.ts')
    const { nearestProfile } = await import('../host/worker/runs/run-input.ts')
    return orNone(() =>
      Promise.resolve(
        allModules(nearestProfile(profile).profile)
          .filter(({ module_type }) => type === 'all' || module_type === type)
          .map(({ id, name }) => ({ value: id, about: name }))
      )
    )
  },
  operators: async () => {
    const { findOperators } = await import('../contract/finding.ts')
    return findOperators.map((value) => ({ value, about: '' }))
  },
  limits: async () => {
    const { limitNames } = await import('../engine/jinja/limit-settings.ts')
    return limitNames.map((name) => ({ value: `${name}=`, about: '' }))
  }
})
