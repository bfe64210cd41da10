// A text as an operation gets it: in its params, or as a file that was uploaded.
import { stat } from 'node:fs/promises'
import type { Json } from '../../contract/json.ts'
import { parseBytes, readJsonInput } from '../worker/runs/input.ts'

/** Larger texts are never parsed in the main thread. */
export const inPlaceBytes = 1024 * 1024

export type GivenText = { readonly text: string } | { readonly file: string }

/** At most four bytes a sign; what is ASCII has as many bytes as signs. */
export async function sizeOf(given: GivenText): Promise<number> {
  return 'text' in given ? given.text.length : ((await stat(given.file).catch(() => null))?.size ?? 0)
}

/** Its value. `look`: at the text (or its bytes as Latin-1) before it is parsed. Throws INPUT_NOT_JSON, INPUT_TOO_DEEP, INPUT_TOO_LARGE with the name. */
export async function parseGiven(given: GivenText, name: string, look?: (text: string) => void): Promise<Json> {
  if ('file' in given) return readJsonInput(given.file, name, look && ((bytes) => look(bytes.toString('latin1'))))
  look?.(given.text)
  return parseBytes(Buffer.from(given.text), name)
}
