// Rendering a template over data, as misp-modules does it: Jinja2 3.1 in its sandbox, autoescape off.
import type { Json, JsonMap } from '../../contract/json.ts'
import { updateDict } from './python/collection-methods.ts'
import { compileTemplateBody, type Program } from './compile/compile.ts'
import { PyError, recursionError } from './python/errors.ts'
import { globals } from './runtime/globals.ts'
import {
  DEFAULT_LIMITS,
  LimitError,
  claimText,
  withLimits,
  type Clock,
  type LimitName,
  type Limits
} from './python/limits.ts'
import { parseTemplate } from './syntax/parser.ts'
import { NO_KWARGS, PyDict, fromJson } from './python/values.ts'

export interface TemplateError {
  /** Python's class name, or LIMIT when a bound of this engine was reached (`limit` says which). */
  readonly type: string
  readonly message: string
  /** The template's line, from 1; null when Python knows none either. */
  readonly line: number | null
  readonly limit?: LimitName
}

export interface Rendered {
  /** Empty when there is an error. */
  readonly output: string
  readonly error?: TemplateError
}

export interface RenderOptions {
  readonly limits?: Partial<Limits>
  /** Milliseconds of a monotonic clock; without one only steps bound the time. */
  readonly clock?: Clock
}

/** A parsed and compiled template, or why there is none. */
export type Compiled = { readonly program: Program } | { readonly error: TemplateError }

const CACHE_SIZE = 100
const cache = new Map<string, Compiled>()

function describe(error: unknown): TemplateError {
  if (error instanceof PyError) return { type: error.type, message: error.message, line: error.line }
  if (error instanceof LimitError) return { type: 'LIMIT', message: error.message, line: null, limit: error.limit }
  if (error instanceof RangeError) {
    // The JavaScript stack, or a string beyond the platform's size, gave out before our own bounds.
    if (error.message.includes('call stack')) return describe(recursionError())
    return { type: 'LIMIT', message: error.message, line: null, limit: 'text' }
  }
  throw error
}

function compileNow(template: string, limits: Limits, clock: Clock | null): Compiled {
  try {
    return {
      program: withLimits(limits, clock, () => {
        claimText(template.length)
        return compileTemplateBody(parseTemplate(template))
      })
    }
  } catch (error) {
    return { error: describe(error) }
  }
}

/**
 * Parses and compiles; the last hundred templates are kept. Never throws for what the template contains. The steps of compiling are counted
 * by themselves: a template that is known already must not get further than one that is not.
 */
export function compileTemplate(template: string, { limits, clock }: RenderOptions = {}): Compiled {
  const known = cache.get(template)
  if (known !== undefined) {
    cache.delete(template)
    cache.set(template, known)
    return known
  }
  const compiled = compileNow(template, { ...DEFAULT_LIMITS, ...limits }, clock ?? null)
  // Others may have other limits, or more time.
  if ('error' in compiled && compiled.error.type === 'LIMIT') return compiled
  cache.set(template, compiled)
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string)
  return compiled
}

/** The variables of a template: a JSON object as it is, a list of pairs as Python's dict() takes it. */
function variables(data: Json): PyDict {
  const value = fromJson(data)
  if (value instanceof PyDict) return new PyDict(data as JsonMap)
  const dict = new PyDict()
  updateDict(dict, [value], NO_KWARGS, 'dict')
  return dict
}

/**
 * Renders a template over JSON data, which is read in place and never changed.
 * Every error of the template or of its limits is returned, with the line where it happened.
 */
export function renderTemplate(template: string, data: Json, options: RenderOptions = {}): Rendered {
  const clock = options.clock ?? null
  const begin = clock?.()
  const compiled = compileTemplate(template, options)
  if ('error' in compiled) return { output: '', error: compiled.error }
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  try {
    return { output: withLimits(limits, clock, () => compiled.program(variables(data), globals), begin) }
  } catch (error) {
    return { output: '', error: describe(error) }
  }
}
