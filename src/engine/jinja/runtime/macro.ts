// Macros as objects: how a call's arguments become the values of a body.
import { typeError } from '../python/errors.ts'
import { repr } from '../python/repr.ts'
import { MISSING, markIf, type Activation, type Context, type Slot } from './runtime.ts'
import { PyDict, PySpecial, PyTuple, Undefined, type Kwargs, type Py } from '../python/values.ts'

export interface MacroShape {
  readonly name: string | null
  readonly params: readonly string[]
  readonly catchKwargs: boolean
  readonly catchVarargs: boolean
  readonly caller: boolean
}

// Frames that Python spends on one call of a macro, found by how deep a recursive one gets before RecursionError.
export const MACRO_FRAMES = 5

export class Macro extends PySpecial {
  readonly typeName = 'Macro'
  readonly module = 'jinja2.runtime'
  override readonly hidden = [
    '_argument_count',
    '_async_invoke',
    '_default_autoescape',
    '_environment',
    '_func',
    '_invoke',
    '__call__'
  ]
  readonly shape: MacroShape
  /** Runs the body with values for params, then caller, kwargs, varargs as far as the macro uses them. */
  constructor(
    shape: MacroShape,
    run: (values: readonly Slot[]) => { text: string; activation: Activation },
    definedIn: Context
  ) {
    super()
    this.shape = shape
    this.call = (args, kwargs) => markIf(definedIn.autoescape, run(this.#arrange(args, kwargs)).text)
  }
  #arrange(args: readonly Py[], given: Kwargs): Slot[] {
    const { name, params, catchKwargs, catchVarargs, caller } = this.shape
    const kwargs = new Map(given)
    const values: Slot[] = args.slice(0, params.length)
    let foundCaller = values.length === params.length ? params.includes('caller') : false
    for (const param of params.slice(values.length)) {
      const value = kwargs.get(param)
      values.push(value === undefined ? MISSING : value)
      kwargs.delete(param)
      if (param === 'caller') foundCaller = true
    }
    if (caller && !foundCaller) {
      const block = kwargs.get('caller') ?? null
      kwargs.delete('caller')
      values.push(block === null ? new Undefined('caller', undefined, 'No caller defined') : block)
    }
    const shown = name === null ? 'None' : repr(name)
    if (catchKwargs) values.push(dictOf(kwargs))
    else if (kwargs.size > 0) {
      if (kwargs.has('caller')) {
        throw typeError(
          `macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`
        )
      }
      throw typeError(`macro ${shown} takes no keyword argument ${repr([...kwargs.keys()][0] as string)}`)
    }
    if (catchVarargs) values.push(new PyTuple(args.slice(params.length)))
    else if (args.length > params.length) {
      throw typeError(`macro ${shown} takes not more than ${params.length} argument(s)`)
    }
    return values
  }
  attribute(name: string): Py | undefined {
    switch (name) {
      case 'name':
        return this.shape.name
      case 'arguments':
        return new PyTuple(this.shape.params)
      case 'catch_kwargs':
        return this.shape.catchKwargs
      case 'catch_varargs':
        return this.shape.catchVarargs
      case 'caller':
        return this.shape.caller
      case 'explicit_caller':
        return this.shape.params.includes('caller')
      default:
        return undefined
    }
  }
  repr(): string {
    return `<Macro ${this.shape.name === null ? 'anonymous' : repr(this.shape.name)}>`
  }
}

export function dictOf(entries: Kwargs): PyDict {
  const dict = new PyDict()
  for (const [key, value] of entries) dict.set(key, key, value)
  return dict
}
