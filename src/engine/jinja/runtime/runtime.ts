// What a compiled template runs on: variables, the output, the context, and calls.
import { truth, undefinedError } from '../python/compare.ts'
import { PyError, recursionError, typeError } from '../python/errors.ts'
import { claimOutput, enterFrames, leaveFrames, tick } from '../python/limits.ts'
import { shortRepr } from '../python/repr.ts'
import type { PyDict } from '../python/values.ts'
import { Markup, Undefined, isObject, textOf, typeName, type Kwargs, type Py } from '../python/values.ts'

export const MISSING: unique symbol = Symbol('missing')
export type Slot = Py | typeof MISSING

const CHUNK = 16384

/** Collected output of the template, or of a macro or block whose text is a value. */
export class Output {
  readonly #parts: string[] = []
  #open = ''
  #wrong: string | null = null
  push(text: string): void {
    claimOutput(text.length)
    this.#open += text
    if (this.#open.length < CHUNK) return
    // Reading a character makes the engine lay the joined pieces out as one string and drop them.
    this.#open.charCodeAt(0)
    this.#parts.push(this.#open)
    this.#open = ''
  }
  /** For what Jinja does not turn into text first: a value that is none fails when everything is put together. */
  pushValue(value: Py): void {
    const text = textOf(value)
    if (text === undefined) this.#wrong ??= typeName(value)
    else this.push(text)
  }
  text(): string {
    if (this.#wrong !== null) throw typeError(`sequence item 0: expected str instance, ${this.#wrong} found`)
    return this.#parts.length === 0 ? this.#open : this.#parts.join('') + this.#open
  }
}

/** The names a template sees beside its own: what it set at its top, the data, the globals. */
export class Context {
  readonly vars = new Map<string, Py>()
  readonly #data: PyDict
  readonly #globals: ReadonlyMap<string, Py>
  readonly #locals: ReadonlyMap<string, Py> | null
  readonly blocks: ReadonlyMap<string, BlockBody>
  autoescape = false
  constructor(
    data: PyDict,
    globals: ReadonlyMap<string, Py>,
    blocks: ReadonlyMap<string, BlockBody>,
    locals: ReadonlyMap<string, Py> | null = null
  ) {
    this.#data = data
    this.#globals = globals
    this.blocks = blocks
    this.#locals = locals
  }
  resolve(name: string): Slot {
    const own = this.vars.get(name)
    if (own !== undefined) return own
    const local = this.#locals?.get(name)
    if (local !== undefined) return local
    const given = this.#data.text(name)
    return given === undefined ? (this.#globals.get(name) ?? MISSING) : given
  }
  /** A context that also sees `locals`, for scoped blocks. */
  derived(locals: ReadonlyMap<string, Py>): Context {
    const all = new Map([...(this.#locals ?? []), ...this.vars, ...locals])
    const context = new Context(this.#data, this.#globals, this.blocks, all)
    context.autoescape = this.autoescape
    return context
  }
}

export type BlockBody = (context: Context, output: Output) => void

/** The variables of one running function; `parent` is the function it was written in. */
export class Activation {
  readonly slots: Slot[]
  readonly parent: Activation | null
  readonly context: Context
  output: Output
  /** The template's line being run, for errors. */
  line: number
  constructor(size: number, parent: Activation | null, context: Context, output: Output, line: number) {
    this.slots = new Array<Slot>(size).fill(MISSING)
    this.parent = parent
    this.context = context
    this.output = output
    this.line = line
  }
}

/** Runs `work` as one more Python call; an error inside gets the line of the innermost activation. */
export function inFrames<T>(frames: number, activation: Activation, work: () => T): T {
  tick()
  if (!enterFrames(frames)) throw atLine(recursionError(), activation)
  try {
    const result = work()
    leaveFrames(frames)
    return result
  } catch (error) {
    throw atLine(error, activation)
  }
}

function atLine(error: unknown, activation: Activation): unknown {
  if (error instanceof PyError && error.line === null) error.line = activation.line
  if (error instanceof RangeError && error.message.includes('call stack')) return atLine(recursionError(), activation)
  return error
}

/** callable(value) */
export function isCallable(value: Py): boolean {
  if (!isObject(value)) return false
  if (value.kind === 'function' || value.kind === 'undefined') return true
  return value.kind === 'special' && value.call !== null
}

/** value(*args, **kwargs) as a template calls it. */
export function callValue(value: Py, args: readonly Py[], kwargs: Kwargs): Py {
  tick()
  if (value instanceof Undefined) throw undefinedError(value)
  if (!isObject(value) || (value.kind !== 'function' && value.kind !== 'special') || value.call === null) {
    throw typeError(`'${typeName(value)}' object is not callable`)
  }
  if (value.kind === 'special' && value.typeName === 'Namespace') refuseMarked(value)
  try {
    return value.call(args, kwargs)
  } catch (error) {
    if (error instanceof PyError && error.type === 'StopIteration') {
      return new Undefined(null, undefined, 'value was undefined because a callable raised a StopIteration exception')
    }
    throw error
  }
}

function refuseMarked(value: Extract<Py, { kind: 'special' }>): void {
  const marked = value.attribute('unsafe_callable') ?? value.attribute('alters_data')
  if (marked !== undefined && truth(marked)) {
    throw new PyError('SecurityError', `${shortRepr(value)} is not safely callable`)
  }
}

export function markIf(autoescape: boolean, text: string): Py {
  return autoescape ? new Markup(text) : text
}
