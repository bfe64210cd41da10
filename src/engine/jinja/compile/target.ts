// Assignment: names, tuples, attributes of namespaces.
import type { Expression } from '../syntax/ast.ts'
import { type Frame, slotReader } from './frame.ts'
import { PyError, typeError } from '../python/errors.ts'
import { unpack } from '../python/iterate.ts'
import { Namespace } from '../runtime/objects.ts'
import { MISSING, type Activation } from '../runtime/runtime.ts'
import { PyDict, PyList, Undefined, typeName, type Py } from '../python/values.ts'

export type Assign = (a: Activation, value: Py) => void

export function compileTarget(target: Expression, frame: Frame, options: { checkNamespace?: boolean } = {}): Assign {
  if (target.kind === 'tuple') return compileTuple(target.items, frame, options)
  if (target.kind === 'nsref') return compileNamespace(target, frame)
  if (target.kind !== 'name') throw new PyError('SyntaxError', 'cannot assign to expression', target.line)
  const { name } = target
  const { slot } = frame.ref(name)
  if (!frame.toplevel) {
    return (a, value) => {
      a.slots[slot] = value
    }
  }
  return (a, value) => {
    a.slots[slot] = value
    a.context.vars.set(name, value)
  }
}

function compileTuple(items: readonly Expression[], frame: Frame, options: { checkNamespace?: boolean }): Assign {
  const targets = items.map((item) => compileTarget(item, frame, options))
  return (a, value) => {
    const values = unpack(value, targets.length)
    for (let index = 0; index < targets.length; index++) (targets[index] as Assign)(a, values[index] as Py)
  }
}

function compileNamespace(target: Extract<Expression, { kind: 'nsref' }>, frame: Frame): Assign {
  const read = slotReader(frame, frame.ref(target.name))
  const { attribute } = target
  return (a, value) => {
    const owner = read(a)
    if (owner instanceof Namespace) owner.set(attribute, value)
    // A set block does not check what it writes to: a dict takes the key, everything else refuses as in Python.
    else if (owner instanceof PyDict) owner.set(attribute, attribute, value)
    else if (owner instanceof PyList) throw typeError('list indices must be integers or slices, not str')
    else {
      const name = owner === MISSING ? '_MissingType' : owner instanceof Undefined ? 'Undefined' : typeName(owner)
      throw typeError(`'${name}' object does not support item assignment`)
    }
  }
}
