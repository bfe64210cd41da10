import { EMPTY_OBJECT } from '../../engine/php/values.ts'

export { EMPTY_OBJECT }

/** `target[key] = value` for keys that come from outside: `__proto__` becomes an ordinary key. */
export function setOwn(target: object, key: string, value: unknown): void {
  if (key !== '__proto__') (target as Record<string, unknown>)[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
