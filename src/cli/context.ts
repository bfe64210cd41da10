// What a command is given, and the answers that the process gives to scripts.
import type { Outcome } from '../contract/run.ts'

export interface CommandContext {
  readonly args: readonly string[]
  /** The command's own, as shown after `retrace`. */
  readonly usage: string
  readonly version: string
  /** The project's or package's folder: resources/, out/. */
  readonly root: string
  readonly color: boolean
  /** Lines to standard output. */
  readonly print: (line: string) => void
  /** Lines to standard error. */
  readonly complain: (line: string) => void
}

/** Resolves to the exit status. */
export type Command = (context: CommandContext) => Promise<number>

export const exitStatus = { success: 0, blocked: 1, failure: 2, badInput: 3, cannotTell: 4, internal: 5 } as const

export function statusOf(outcome: Outcome, success: boolean): number {
  switch (outcome) {
    case 'success':
      return exitStatus.success
    case 'blocked':
      return exitStatus.blocked
    case 'failure':
    case 'aborted':
      return exitStatus.failure
    case 'cannot tell':
    case 'no end':
      return exitStatus.cannotTell
    case 'not started':
      // A disabled trigger lets MISP go on; a failed normalisation or condition does not.
      return success ? exitStatus.success : exitStatus.failure
    default: {
      const never: never = outcome
      throw new Error(`unknown outcome ${String(never)}`)
    }
  }
}
