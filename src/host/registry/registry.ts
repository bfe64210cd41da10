// One registry executes every operation. Electron's IPC, the WebSocket, HTTP and the CLI are callers of it. It never throws:
// a caller always gets an answer, and an error of ours shows as INTERNAL without its stack.
import type { z } from 'zod'
import type { EventMap } from '../../contract/events.ts'
import { CodedError, errorTable } from '../../contract/errors.ts'
import { isOperationName, operations } from '../../contract/operations.ts'
import type { OperationName, ParsedParams, Result } from '../../contract/operations.ts'
import type { Answer } from '../../contract/wire.ts'
import { toFailure } from './failure.ts'
import type { LogMistake } from '../ports/log.ts'
import { Calls } from './calls.ts'
import type { Call } from './calls.ts'

type Handler<N extends OperationName> = (params: ParsedParams<N>, call: Call) => Result<N> | Promise<Result<N>>
export type Handlers<N extends OperationName = OperationName> = { readonly [K in N]: Handler<K> }

/** What the registry answers by itself. */
export type RegistryOperation = 'calls.cancel'

/** Answered by who has the workspaces, not by one of them. */
export type WorkspacesOperation = Extract<OperationName, `workspaces.${string}`>

export interface Registry {
  /** Resolves always. `name`, `params` and `callId` are as they came from outside. */
  call(name: string, params: unknown, callId?: unknown): Promise<Answer<unknown>>
}

export interface RegistryOptions {
  /** Gets what must not happen, once per failure, with its stack. */
  readonly logMistake: LogMistake
  /** Gets how far calls are. */
  readonly progress?: (progress: EventMap['job.progress']) => void
}

export function createRegistry(given: Partial<Handlers>, { logMistake, progress }: RegistryOptions): Registry {
  const calls = new Calls(progress ?? (() => undefined))
  const own: Handlers<RegistryOperation> = { 'calls.cancel': ({ callId }) => ({ found: calls.cancel(callId) }) }
  const handlers: Partial<Handlers> = { ...given, ...own }
  return {
    async call(name, params, callId) {
      try {
        if (typeof name !== 'string' || !isOperationName(name))
          throw new CodedError('OPERATION_UNKNOWN', `There is no operation “${String(name).slice(0, 100)}”.`)
        const handler = handlers[name] as ((params: unknown, call: Call) => unknown) | undefined
        if (!handler) throw new CodedError('OPERATION_NOT_READY', `“${name}” is not available yet.`)
        if (isDeeper(params, deepest))
          throw new CodedError('INPUT_TOO_DEEP', `${name}: the params nest deeper than ${deepest} levels.`)
        // As any schema: the types of all operations at once are more than TypeScript 6, which editors run, follows.
        const schema: z.ZodType = operations[name].params
        const parsed = schema.safeParse(params)
        if (!parsed.success) throw paramsInvalid(name, parsed.error)
        const id = typeof callId === 'string' ? callId : undefined
        return { ok: true, data: await calls.run(id, (call) => handler(parsed.data, call)) }
      } catch (error) {
        return { ok: false, error: toFailure(error, name, logMistake) }
      }
    }
  }
}

/** Levels of params: PHP's 512 of data, and the operation's own around them. */
const deepest = 600

/** Looks no deeper than it must: schemas follow the data with the stack. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, levels - 1))
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true
  return false
}

function paramsInvalid(name: string, error: z.ZodError): CodedError {
  const issues = error.issues
    .slice(0, 10)
    .map((issue) => ({ place: issue.path.map(String).join('.') || '(params)', message: issue.message }))
  const first = issues[0]
  return new CodedError(
    'PARAMS_INVALID',
    `${name}: ${first ? `${first.place}: ${first.message}` : errorTable.PARAMS_INVALID}`,
    { issues }
  )
}
