// The built-in tests.
import { equal, hashKey, ordered } from '../python/compare.ts'
import { test, type Test } from '../runtime/calls.ts'
import { contains, tryIterate, trySize } from '../python/iterate.ts'
import { modulo } from '../python/operators.ts'
import { str } from '../python/repr.ts'
import { isCallable } from '../runtime/runtime.ts'
import { hasCase } from '../python/text-methods.ts'
import { Markup, PyFloat, Undefined, isIntLike, isObject, textOf, type Py } from '../python/values.ts'
import { filterNames } from './names.ts'

const one = (name: string, run: (value: Py) => boolean): Test => test(name, 'value', ([value]) => run(value as Py))

const two = (name: string, run: (value: Py, other: Py) => boolean): Test =>
  test(name, 'a b /', ([value, other]) => run(value as Py, other as Py))

const eq = two('eq', equal)
const ne = two('ne', (a, b) => !equal(a, b))
const gt = two('gt', (a, b) => ordered('>', a, b))
const ge = two('ge', (a, b) => ordered('>=', a, b))
const lt = two('lt', (a, b) => ordered('<', a, b))
const le = two('le', (a, b) => ordered('<=', a, b))

function isSequence(value: Py): boolean {
  if (textOf(value) !== undefined) return true
  if (!isObject(value)) return false
  return ['list', 'tuple', 'dict', 'range', 'bytes', 'undefined'].includes(value.kind)
}

// Identity: what Python keeps one object of (None, bools, small ints, equal constants) compares equal here.
function isSame(value: Py, other: Py): boolean {
  return value === other
}

// `in` a dict of names: a value that cannot be a key at all is an error.
function hasName(names: { has(name: string): boolean }, value: Py): boolean {
  const key = hashKey(value)
  return typeof key === 'string' && names.has(key)
}

const table: Readonly<Record<string, Test>> = {
  odd: one('test_odd', (value) => equal(modulo(value, 2), 1)),
  even: one('test_even', (value) => equal(modulo(value, 2), 0)),
  divisibleby: test('test_divisibleby', 'value num', ([value, by]) => equal(modulo(value as Py, by as Py), 0)),
  defined: one('test_defined', (value) => !(value instanceof Undefined)),
  undefined: one('test_undefined', (value) => value instanceof Undefined),
  filter: one('test_filter', (value) => hasName(filterNames, value)),
  test: one('test_test', (value) => hasName(tests, value)),
  none: one('test_none', (value) => value === null),
  boolean: one('test_boolean', (value) => typeof value === 'boolean'),
  false: one('test_false', (value) => value === false),
  true: one('test_true', (value) => value === true),
  integer: one('test_integer', (value) => isIntLike(value) && typeof value !== 'boolean'),
  float: one('test_float', (value) => value instanceof PyFloat),
  lower: one('test_lower', (value) => hasCase(str(value), false)),
  upper: one('test_upper', (value) => hasCase(str(value), true)),
  string: one('test_string', (value) => textOf(value) !== undefined),
  mapping: one('test_mapping', (value) => isObject(value) && value.kind === 'dict'),
  number: one('test_number', (value) => isIntLike(value) || value instanceof PyFloat),
  sequence: one('test_sequence', (value) => isSequence(value) && trySize(value) !== undefined),
  iterable: one('test_iterable', (value) => tryIterate(value) !== undefined),
  callable: one('callable', isCallable),
  sameas: test('test_sameas', 'value other', ([value, other]) => isSame(value as Py, other as Py)),
  escaped: one('test_escaped', (value) => value instanceof Markup),
  in: test('test_in', 'value seq', ([value, seq]) => contains(seq as Py, value as Py)),
  '==': eq,
  eq,
  equalto: eq,
  '!=': ne,
  ne,
  '>': gt,
  gt,
  greaterthan: gt,
  ge,
  '>=': ge,
  '<': lt,
  lt,
  lessthan: lt,
  '<=': le,
  le
}

export const tests: ReadonlyMap<string, Test> = new Map(Object.entries(table))
