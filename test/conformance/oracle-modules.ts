// The custom modules that the recorder had installed in MISP (see shared vectors' README), registered as any custom module.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { ModuleDefinition } from '../../src/contract/modules.ts'
import { insert } from '../../src/engine/hash/hash.ts'
import { defineAction } from '../../src/engine/modules/define.ts'
import type { Execute } from '../../src/engine/modules/context.ts'
import { phpString } from '../../src/engine/php/cast.ts'
import { jsonDecode } from '../../src/engine/php/decode.ts'
import { phpError, phpException } from '../../src/engine/php/exceptions.ts'
import { dig, isArray } from '../../src/engine/php/values.ts'
import type { CustomModule } from '../../src/engine/run/environment.ts'

const define = (id: string, more: Partial<ModuleDefinition> = {}): ModuleDefinition => ({
  ...defineAction({
    ...{ id, name: id, description: id, inputs: 1, outputs: 1, is_custom: true },
    params: [{ id: 'message', label: 'Message', type: 'input', default: 'oracle message' }]
  }),
  ...more
})

const withMessage = (act: (message: Json, ctx: Parameters<Execute>[0]) => boolean): Execute =>
  function* (ctx) {
    const { message = '' } = yield* ctx.params()
    return act(message, ctx)
  }

export const oracleModules: readonly CustomModule[] = [
  {
    definition: define('oracle-throw'),
    execute: withMessage((message) => {
      throw phpException('Exception', phpString(message))
    })
  },
  {
    definition: define('oracle-typeerror'),
    execute: withMessage((message) => {
      throw phpError('TypeError', phpString(message))
    })
  },
  {
    definition: define('oracle-fail'),
    execute: withMessage((message, ctx) => {
      const errors = decodeOr(message)
      if (isArray(errors))
        for (const key of keysInOrder(phpString(message), errors)) ctx.setError(key, dig(errors, key))
      else ctx.addError(phpString(message))
      return false
    })
  },
  {
    definition: define('oracle-failblock', { blocking: true }),
    execute: withMessage((message, ctx) => {
      ctx.addError(phpString(message))
      return false
    })
  },
  {
    definition: define('oracle-okerr'),
    execute: withMessage((message, ctx) => {
      ctx.addError(phpString(message))
      return true
    })
  },
  {
    definition: define('oracle-set'),
    execute: withMessage((message, ctx) => {
      const wanted = decodeOr(message)
      ctx.setData(insert(ctx.getData(), dig(wanted, 'path'), dig(wanted, 'value')) as JsonMap)
      return true
    })
  }
]

/** JSON.parse puts keys that are numbers first; PHP keeps the order in which they are written. */
function keysInOrder(text: string, value: Json): string[] {
  const keys: string[] = []
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && token.endsWith(':')) keys.push(JSON.parse(token.slice(0, -1).trim()) as string)
  }
  return Array.isArray(value) ? Object.keys(value) : [...new Set(keys)]
}

function decodeOr(text: Json): Json {
  try {
    return jsonDecode(phpString(text))
  } catch {
    return null
  }
}
