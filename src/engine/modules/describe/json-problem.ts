// Where a parameter's text stops being JSON.
import { claiming } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { jsonDecode } from '../../php/decode.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { findJsonError } from '../../php/json-error.ts'

const maxDepth = 512

/** "character 15" of a parameter's text that PHP's decoder refuses; null for JSON. `name`: the parameter. */
export function jsonProblem(name: string, text: string): Sentence | null {
  try {
    jsonDecode(text)
    return null
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    const at = Math.min(findJsonError(text, maxDepth).offset, text.length)
    return claiming(`character ${at}`, { kind: 'json', name, at })
  }
}
