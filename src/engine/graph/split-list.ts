import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { pickOne } from '../format/pick.ts'
import { decodeJson } from '../php/decode.ts'
import { workflowsIn } from './parse.ts'

/**
 * The workflows or blueprints of a list's text (/workflows/index and /workflowBlueprints/index answer one), each as a text of its own; the
 * text itself when it is one thing, or nothing that can be read.
 * @param pick only this one: its place (from 0), UUID, id or name
 * @throws CodedError INPUT_SEVERAL when there is no such one
 */
export function splitList(text: string, name: string, pick?: string): readonly string[] {
  const list = /^\s*[[{]/.test(text) ? workflowsIn(decodedOrNull(text)) : null
  if (list === null) return [text]
  const wanted = pick === undefined ? list : [pickOne(list, pick, name)]
  return wanted.map((one) => JSON.stringify(one))
}

function decodedOrNull(text: string): Json {
  try {
    return decodeJson(text)
  } catch (error) {
    if (error instanceof CodedError) return null
    throw error
  }
}
