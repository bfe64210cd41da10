// Data from files, parsed in the worker's thread.
import { basename } from 'node:path'
import type { Json } from '../../../contract/json.ts'
import { CodedError } from '../../../contract/errors.ts'
import { decodeJson, normaliseValue } from '../../../engine/php/decode.ts'
import { overflowsMemory } from '../../store/json-memory.ts'
import { readGiven } from '../../store/given-file.ts'
import { readRegular } from '../../store/reading.ts'

/** A file that the user named: links and pipes (`<(…)`, /dev/stdin) are as good as files. `look`: at the bytes before they are parsed. */
export async function readJsonInput(
  file: string,
  name = basename(file),
  look?: (bytes: Buffer) => void
): Promise<Json> {
  const bytes = await readGiven(file, name)
  look?.(bytes)
  return parseBytes(bytes, name)
}

/** JSON of a workspace's file. Throws FILE_UNREADABLE for what is no regular file, a link for one. */
export async function readOwnJson(file: string, name = basename(file)): Promise<Json> {
  const bytes = await readRegular(file, { name }).catch((error: unknown) => {
    throw error instanceof CodedError ? new CodedError('FILE_UNREADABLE', error.message, { file: name }) : error
  })
  if (bytes === null) throw new CodedError('FILE_NOT_FOUND', `${name} does not exist.`, { file: name })
  return parseBytes(bytes, name)
}

export const parseBytes = (bytes: Uint8Array, name: string): Json => {
  if (overflowsMemory(bytes))
    throw new CodedError('INPUT_TOO_LARGE', `${name} contains more values than fit into memory.`, { file: name })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CodedError('INPUT_NOT_JSON', `${name} is not UTF-8 text.`, { file: name })
  }
  try {
    return decodeJson(text, { name })
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'INPUT_NOT_JSON') throw error
    throw new CodedError(error.code, `${error.message}${otherForm(text)}`, error.details)
  }
}

/** Of what is no JSON, what it seems to be and what to do. */
function otherForm(text: string): string {
  if (/^(<{7}|>{7})[ \r\n]/m.test(text)) return ' Git left a conflict in it: resolve that first.'
  const head = text.slice(0, 2000).trimStart()
  const instead = 'Export the event as MISP JSON instead.'
  if (/^<(!doctype html|html)\b/i.test(head))
    return ' It is a web page, as MISP shows who is not logged in, or where the address lacks “.json”.'
  if (head.startsWith('<')) return ` It looks like XML (MISP’s own, or STIX 1). ${instead}`
  const [line = ''] = head.split('\n', 1)
  const isTable = line.split(/[,;\t]/).length > 3 && !/[{}[\]]/.test(line)
  return isTable ? ` It looks like a table (CSV). ${instead}` : ''
}

/** JSON that came through an operation. */
export const ownJson = (value: Json): Json => normaliseValue(value)
