// The host's own log: mistakes of ours, with their stacks, once each. Nothing of it reaches a user's screen.
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

export type LogMistake = (context: string, error: unknown) => void

/** Appends to a file; standard error when that is impossible. */
export function createMistakeLog(file: string | null): LogMistake {
  return (context, error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const line = `${new Date().toISOString()} ${context}: ${text}\n`
    try {
      if (file === null) throw new Error('no log file')
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, line)
    } catch {
      process.stderr.write(line)
    }
  }
}
