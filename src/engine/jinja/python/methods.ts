// What the method tables are made of.
import { overflowError, typeError } from './errors.ts'
import { asInt } from './numbers.ts'
import { bind, signature, type Signature } from './signature.ts'
import { PyFunction, textOf, typeName, type Call, type Kwargs, type Py } from './values.ts'

export type Arguments = readonly (Py | undefined)[]

interface Method<Self> {
  readonly signature: Signature | null
  /** With a signature: the bound arguments. Without: the positional ones as they came. */
  readonly run: (self: Self, args: Arguments, kwargs: Kwargs) => Py
}

export type Methods<Self> = ReadonlyMap<string, Method<Self>>

/** Builds a table from `'name param param?'` (see signature.ts) to functions; `'name *'` takes anything. */
export function methods<Self>(
  owner: string,
  table: Readonly<Record<string, (self: Self, args: Arguments, kwargs: Kwargs) => Py>>
): Methods<Self> {
  const result = new Map<string, Method<Self>>()
  for (const [heading, run] of Object.entries(table)) {
    const [name = '', ...rest] = heading.split(' ')
    const params = rest.join(' ')
    result.set(name, { signature: params === '*' ? null : signature(`${owner}.${name}`, params), run })
  }
  return result
}

/** The bound method `self.name`, or undefined. */
export function boundMethod<Self extends Py>(table: Methods<Self>, self: Self, name: string): PyFunction | undefined {
  const method = table.get(name)
  if (method === undefined) return undefined
  const call: Call = (args, kwargs) =>
    method.run(self, method.signature === null ? args : bind(method.signature, args, kwargs), kwargs)
  return new PyFunction(name, 'builtin_function_or_method', call, self)
}

/** reverse= of sorting: an int or bool, nothing else. */
export function needFlag(value: Py | undefined): boolean {
  return needIndex(value, 0) !== 0
}

export function needText(value: Py | undefined, message: (type: string) => string): string {
  const text = value === undefined ? undefined : textOf(value)
  if (text === undefined) throw typeError(message(typeName(value ?? null)))
  return text
}

/** An argument that Python takes as an index; `missing` where it was not given. */
export function needIndex(value: Py | undefined, missing: number): number {
  if (value === undefined) return missing
  const int = asInt(value)
  if (int === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  if (typeof int === 'bigint' && BigInt.asIntN(64, int) !== int) {
    throw overflowError('Python int too large to convert to C ssize_t')
  }
  return Number(int)
}
