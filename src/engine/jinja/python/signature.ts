// Parameters of Python functions, and what Python says when a call does not fit them.
import { typeError } from './errors.ts'
import type { Kwargs, Py } from './values.ts'

export interface Signature {
  readonly name: string
  readonly names: readonly string[]
  readonly required: number
  readonly positionalOnly: boolean
}

/** Parses 'old new count?' (a ? marks optional ones, a trailing / makes all of them positional only). */
export function signature(name: string, text: string): Signature {
  const words = text.split(' ').filter((word) => word !== '' && word !== '/')
  return {
    name,
    names: words.map((word) => word.replace('?', '')),
    required: words.filter((word) => !word.endsWith('?')).length,
    positionalOnly: text.endsWith('/')
  }
}

/** The arguments in the order of the parameters; undefined where an optional one was not given. */
export function bind(to: Signature, args: readonly Py[], kwargs: Kwargs): (Py | undefined)[] {
  if (args.length > to.names.length) throw typeError(tooMany(to, args.length))
  const bound: (Py | undefined)[] = [...args]
  for (const [name, value] of kwargs) {
    const index = to.names.indexOf(name)
    if (to.positionalOnly) throw typeError(`${to.name}() takes no keyword arguments`)
    if (index < 0) throw typeError(`${to.name}() got an unexpected keyword argument '${name}'`)
    if (bound[index] !== undefined) throw typeError(`${to.name}() got multiple values for argument '${name}'`)
    bound[index] = value
  }
  const missing = to.names.slice(0, to.required).filter((_, index) => bound[index] === undefined)
  if (missing.length > 0) {
    const list = missing.map((name) => `'${name}'`).join(' and ')
    throw typeError(
      `${to.name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${list}`
    )
  }
  return bound
}

function tooMany(to: Signature, given: number): string {
  if (to.names.length === 0) return `${to.name}() takes no arguments (${given} given)`
  const takes = to.required === to.names.length ? `${to.required}` : `from ${to.required} to ${to.names.length}`
  return `${to.name}() takes ${takes} positional argument${to.names.length === 1 ? '' : 's'} but ${given} were given`
}
