// A custom module's file: read, types taken off, asked what it is. What is wrong with it is said with the file and the line.
import { z } from 'zod'
import { anyJson } from '../../contract/any-json.ts'
import type { CustomModuleInfo } from '../../contract/effects.ts'
import type { Json } from '../../contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../contract/modules.ts'
import { defineAction, defineLogic } from '../../engine/modules/define.ts'
import type { GuestFailure, GuestSource, GuestThread, Stopped } from './guest.ts'
import { readModuleFile } from './module-file.ts'
import { lineOfSyntaxError, stripTypes } from './strip-types.ts'

export interface ReadModule {
  readonly file: string
  readonly source: GuestSource
  readonly definition: ModuleDefinition
  readonly explained: boolean
}

export type ReadResult = { readonly module: ReadModule } | { readonly error: NonNullable<CustomModuleInfo['error']> }

const text = z.string().max(10_000)
const json: z.ZodType<Json> = anyJson
const param = z.looseObject({
  id: z.string().regex(/^[A-Za-z][\w-]{0,99}$/, 'an ID: letters, digits, _ and -'),
  label: text.optional(),
  type: z.enum(['input', 'textarea', 'select', 'checkbox', 'radio', 'picker', 'hashpath']).default('input'),
  default: json.optional(),
  options: json.optional()
})
const described = z.object({
  kind: z.enum(['action', 'logic']),
  id: z.string().regex(/^[a-z][a-z0-9_-]{1,60}$/, 'an ID: lowercase letters, digits, _ and -'),
  name: text.min(1).optional(),
  version: text.default('0.1'),
  description: text.default(''),
  icon: text.default('puzzle-piece'),
  blocking: z.boolean().default(false),
  expect_misp_core_format: z.boolean().default(false),
  support_filters: z.boolean().default(false),
  params: z.array(param).max(100).default([]),
  explained: z.boolean().default(false)
})

interface Known {
  readonly sha256: string
  readonly result: ReadResult
}

/** Reads modules; the same text is not looked at again, another one is. */
export class ModuleReader {
  readonly #known = new Map<string, Known>()

  constructor(readonly guest: GuestThread) {}

  /** The hash is that of the very text that was read; null when there is none. */
  async read(folder: string, file: string): Promise<ReadResult & { readonly sha256: string | null }> {
    const found = await readModuleFile(folder, file)
    if ('error' in found)
      return { error: { code: 'MODULE_FILE_INVALID', message: found.error, file, line: null }, sha256: null }
    const { sha256, code } = found
    const known = this.#known.get(file)
    const result = known?.sha256 === sha256 ? known.result : this.#describe(file, code)
    this.#known.set(file, { sha256, result })
    return { ...result, sha256 }
  }

  #describe(file: string, code: string): ReadResult {
    const shown = `modules/${file}`
    let plain: string
    try {
      plain = file.endsWith('.ts') ? stripTypes(code, shown) : code
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).replace(
        /^Error transforming [^:]*: /,
        ''
      )
      return { error: { message: `SyntaxError: ${message}`, file, line: lineOfSyntaxError(error) } }
    }
    const source = { file: shown, code: plain }
    const reply = this.guest.describe(source)
    if ('failure' in reply) {
      const error = problemOf(reply.failure, shown, file)
      // A wrong property is told by the prelude, which names it.
      const named = /^`(\w+)`/.exec(reply.failure.message)?.[1]
      return { error: { ...error, line: error.line ?? lineOf(code, named === undefined ? undefined : [named]) } }
    }
    if (!('done' in reply))
      return { error: { message: 'The module uses its context before it runs.', file, line: null } }
    const parsed = described.safeParse(JSON.parse(reply.done))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const place = issue?.path.map(String).join('.') ?? ''
      return {
        error: {
          message: `defineModule: ${place}: ${issue?.message ?? 'invalid'}`,
          file,
          line: lineOf(code, issue?.path)
        }
      }
    }
    return { module: { file, source, definition: definitionOf(parsed.data), explained: parsed.data.explained } }
  }
}

/** The line that names the property, as far as a look at the text tells. */
function lineOf(code: string, path: readonly PropertyKey[] | undefined): number | null {
  const name = path?.findLast((part) => typeof part === 'string')
  if (name === undefined) return null
  const at = code.search(new RegExp(`\\b${String(name)}\\s*:`))
  return at < 0 ? null : code.slice(0, at).split('\n').length
}

function definitionOf({
  kind,
  params,
  name,
  explained: _explained,
  ...own
}: z.output<typeof described>): ModuleDefinition {
  const shown = params.map(
    (one): ParamDefinition => ({ ...one, label: one.label ?? one.id }) as unknown as ParamDefinition
  )
  const common = { ...own, name: name ?? own.id, icon_class: 'fas', is_custom: true, params: shown }
  return kind === 'logic' ? defineLogic(common) : defineAction({ ...common, inputs: 1, outputs: 1 })
}

/** The innermost place of a stack that is in the module. */
export function lineOfStack(stack: string, file: string): number | null {
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const line = new RegExp(`${escaped}:(\\d+)`).exec(stack)?.[1]
  return line === undefined ? null : Number(line)
}

/** Limits and what goes wrong in the interpreter itself: the module's own errors are told in its own words. */
const stoppedWords: Readonly<Record<Stopped, string>> = {
  crash: 'The module crashed its interpreter and was stopped.',
  time: 'The module exceeded its time limit and was stopped.',
  asks: 'The module asked for more than 10,000 things or sent more than 64 MB, and was stopped.',
  memory: 'The module exceeded its memory limit and was stopped.',
  stack: 'The module recurses endlessly and was stopped.'
}

/** Which code a failure has: a limit was reached, or the file is no module. */
export const codeOf = ({ stopped }: GuestFailure): 'MODULE_STOPPED' | 'MODULE_FILE_INVALID' =>
  stopped === undefined ? 'MODULE_FILE_INVALID' : 'MODULE_STOPPED'

/** A failure of the guest in one sentence. */
export const failureText = ({ name, message, stopped }: GuestFailure): string =>
  stopped === undefined ? (name === 'Error' ? message : `${name}: ${message}`) : stoppedWords[stopped]

const problemOf = (failure: GuestFailure, shown: string, file: string): NonNullable<CustomModuleInfo['error']> => ({
  code: codeOf(failure),
  message: failureText(failure),
  file,
  line: lineOfStack(failure.stack, shown)
})
