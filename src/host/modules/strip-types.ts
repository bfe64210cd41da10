import { createRequire } from 'node:module'
import type { transform } from 'sucrase'

// Loaded when there is a module in TypeScript: commands in a terminal start without it.
const load = createRequire(import.meta.url)

/** TypeScript without its types. Lines stay where they are, so that errors name them. Throws what sucrase throws. */
export const stripTypes = (code: string, file: string): string =>
  (load('sucrase') as { readonly transform: typeof transform }).transform(code, {
    transforms: ['typescript'],
    disableESTransforms: true,
    filePath: file
  }).code

/** Line of sucrase's "(12:5)". */
export function lineOfSyntaxError(error: unknown): number | null {
  const line = /\((\d+):\d+\)/.exec(error instanceof Error ? error.message : '')?.[1]
  return line === undefined ? null : Number(line)
}
