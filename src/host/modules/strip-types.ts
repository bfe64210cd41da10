import { transform } from 'sucrase'

/** TypeScript without its types. Lines stay where they are, so that errors name them. Throws what sucrase throws. */
export const stripTypes = (code: string, file: string): string =>
  transform(code, { transforms: ['typescript'], disableESTransforms: true, filePath: file }).code

/** Line of sucrase's "(12:5)". */
export function lineOfSyntaxError(error: unknown): number | null {
  const line = /\((\d+):\d+\)/.exec(error instanceof Error ? error.message : '')?.[1]
  return line === undefined ? null : Number(line)
}
