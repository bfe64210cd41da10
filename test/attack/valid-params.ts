// Params that fit an operation's schema, made of its JSON schema: they pass, and reach the handler. Ids, names and texts are those of the
// workspace half of the time.
import { z } from 'zod'
import { operations } from '../../src/contract/operations.ts'
import type { OperationName } from '../../src/contract/operations.ts'

interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
}

/** By the name of a field: what the workspace has there, and what others may write. */
export type Pools = Readonly<Record<string, readonly unknown[]>>

const strange = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    'null',
    'true',
    '__proto__',
    'constructor',
    'toString',
    '..',
    '../..',
    '../../etc/passwd',
    '/',
    '\\'
  ],
  ...[
    '.hidden',
    'a/b',
    'C:\\x',
    'CON',
    'nul',
    'x\u0000y',
    '\ud800',
    'é',
    '𝒳',
    'a'.repeat(200),
    '%2e%2e%2f',
    '*',
    '[',
    '{',
    '{{',
    '}}',
    '"'
  ],
  ...[
    '(a+)+$',
    '{n}',
    '{n}.{s}',
    'Event.Attribute.{n}[type=',
    'Event',
    '2024-10-21T12:00:00Z',
    '1e400',
    '99999999999999999999',
    'NaN'
  ]
]

export function createParams(random: () => number, pools: () => Pools): (name: OperationName) => unknown {
  const below = (n: number): number => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const chance = (part: number): boolean => random() < part

  function text(key: string, { minLength = 0, maxLength = 400, format }: Schema): string {
    if (format === 'date-time')
      return pick([
        '2024-10-21T12:00:00Z',
        '0001-01-01T00:00:00Z',
        '9999-12-31T23:59:59.999Z',
        '1970-01-01T00:00:00.000Z'
      ])
    const known = (pools()[key] ?? []).filter((value) => typeof value === 'string')
    const value = known.length > 0 && chance(0.9) ? pick(known) : pick(strange)
    const fit = value.slice(0, maxLength)
    return fit.length < minLength ? 'x'.repeat(minLength) : fit
  }

  function number({ minimum = -(2 ** 31), maximum = 2 ** 40, type }: Schema): number {
    const value = pick([0, 1, 1, 1, 2, 2, 3, 4, 10, 100, 2 ** 31, minimum, maximum, random() * 5])
    const fit = Math.min(maximum, Math.max(minimum, value))
    return type === 'integer' ? Math.ceil(fit) : fit
  }

  function json(key: string, depth = 0): unknown {
    const known = pools()[key] ?? []
    if (depth === 0 && known.length > 0 && chance(0.7)) return pick(known)
    const kind = below(depth > 3 ? 4 : 7)
    if (kind === 0) return null
    if (kind === 1) return chance(0.5)
    if (kind === 2) return number({})
    if (kind === 3) return text('text', {})
    const items = Array.from({ length: below(4) }, () => json('', depth + 1))
    return kind === 4 ? items : Object.fromEntries(items.map((item) => [pick([...strange, ...names]), item]))
  }
  /** Keys that MISP's data has. */
  const names = [
    'Event',
    'Attribute',
    'Tag',
    'id',
    'type',
    'value',
    'name',
    'data',
    'Workflow',
    'inputs',
    'outputs',
    'connections',
    'class'
  ]

  function make(key: string, schema: Schema): unknown {
    if (schema.$ref !== undefined) return json(key)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return pick(schema.enum)
    if (schema.anyOf) return make(key, pick(schema.anyOf))
    switch (schema.type) {
      case 'string':
        return text(key, schema)
      case 'number':
      case 'integer':
        return number(schema)
      case 'boolean':
        return chance(0.5)
      case 'null':
        return null
      case 'array': {
        const length = Math.min(schema.maxItems ?? 9, (schema.minItems ?? 0) + below(chance(0.1) ? 9 : 3))
        return Array.from({ length }, () => make(key, schema.items ?? {}))
      }
      case 'object':
        return object(key, schema)
      default:
        return json(key)
    }
  }

  function object(key: string, { properties = {}, required = [], additionalProperties }: Schema): unknown {
    const fields = Object.entries(properties).filter(([name]) => required.includes(name) || chance(0.3))
    const made: Record<string, unknown> = {}
    for (const [name, schema] of fields) made[name] = make(name, schema)
    if (additionalProperties) {
      const whole = (pools()[key] ?? []).filter(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
      )
      if (whole.length > 0 && chance(0.7)) return pick(whole)
      for (let i = below(4); i > 0; i--) {
        const name = pick([...strange, ...names, '1', '2']).slice(0, 20)
        if (name !== '' && name !== '__proto__') made[name] = make(key, additionalProperties)
      }
    }
    return made
  }

  const schemas = new Map<string, Schema>()
  return (name) => {
    let schema = schemas.get(name)
    if (!schema) {
      schema = z.toJSONSchema(operations[name].params, { io: 'input', unrepresentable: 'any' }) as Schema
      schemas.set(name, schema)
    }
    return make(name, schema)
  }
}
