// JSON that surely takes more memory than there is: JSON.parse cannot be stopped, and running out of memory within it ends the process.
import { getHeapStatistics } from 'node:v8'

/** The least that V8 takes for what these signs stand for. */
const leastOf = new Map([
  [0x2c, 8],
  [0x3a, 8],
  [0x5b, 32],
  [0x7b, 48]
])
const costs = Uint8Array.from({ length: 256 }, (_, byte) => leastOf.get(byte) ?? 0)
/** Smaller ones fit whatever they hold. */
const smallJson = 16 * 1024 * 1024

/** `most`: bytes of this thread's heap. */
export function overflowsMemory(json: Uint8Array, most = getHeapStatistics().heap_size_limit): boolean {
  if (json.length <= smallJson) return false
  let bytes = 0
  for (let i = 0; i < json.length && bytes <= most; i++) bytes += costs[json[i]!]!
  return bytes > most
}
