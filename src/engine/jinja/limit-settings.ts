// Limits of templates as people set them: in the workspace, or as words of a command line.
import { CodedError } from '../../contract/errors.ts'
import { DEFAULT_LIMITS } from './python/limits.ts'
import type { LimitName, Limits } from './python/limits.ts'

/** What errors call them. */
const limitsSetting = 'Retrace.template_limits'

export const limitNames = Object.keys(DEFAULT_LIMITS) as readonly LimitName[]

const isLimitName = (name: string): name is LimitName => Object.hasOwn(DEFAULT_LIMITS, name)

const invalid = (message: string, place: string): CodedError =>
  new CodedError('SETTING_INVALID', `${limitsSetting}: ${message}`, { place })

/** The value of the setting; nothing, null and the empty list (PHP's empty map) set none. Throws SETTING_INVALID. */
export function parseTemplateLimits(value: unknown): Partial<Limits> {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalid('expected a map of limits, such as {"steps": 1000000}.', limitsSetting)
  const limits: Partial<Record<LimitName, number>> = {}
  for (const [name, limit] of Object.entries(value)) {
    const place = `${limitsSetting}.${name}`
    if (!isLimitName(name)) throw invalid(`there is no limit "${name}"; there are ${limitNames.join(', ')}.`, place)
    if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit <= 0)
      throw invalid(`${name} takes a whole number above 0, not ${JSON.stringify(limit)}.`, place)
    limits[name] = limit
  }
  return limits
}

/** `steps=1000`, or several with commas. Throws SETTING_INVALID. */
export function parseLimitWords(words: readonly string[]): Partial<Limits> {
  const pairs = words
    .flatMap((word) => word.split(','))
    .filter((word) => word.trim() !== '')
    .map((word): readonly [string, unknown] => {
      const [name = '', ...rest] = word.split('=')
      const text = rest.join('=').trim()
      return [name.trim(), /^\d+$/.test(text) ? Number(text) : text]
    })
  return parseTemplateLimits(Object.fromEntries(pairs))
}
