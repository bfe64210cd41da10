// What Module_tag_cve_from_enrichment reads out of an answer of vulnerability.circl.lu.
import type { Json } from '../../../contract/json.ts'
import { isNumeric, phpFloat, phpString, trim } from '../../php/cast.ts'
import { jsonDecode } from '../../php/decode.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { dig, isArray, isEmpty, values } from '../../php/values.ts'

interface Cve {
  readonly summary: string
  /** CVSS base score; null when there is none. */
  readonly score: Json
}

const noSummary = 'No summary found'

function tryDecode(text: string): Json | undefined {
  try {
    return jsonDecode(text)
  } catch (thrown) {
    if (thrown instanceof PhpThrow && !thrown.isError) return undefined
    throw thrown
  }
}

/** The answer as data; of one that is no JSON the first line that is an object, or what stands between its quotes. */
function decode(body: string): Json {
  const whole = tryDecode(body)
  if (whole !== undefined) return whole
  let text = trim(body)
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"'))
    text = text
      .slice(1, -1)
      .replaceAll('\\"', '"')
      .replace(/\\(.?)/gs, '$1')
  for (const line of text.split(/\r\n|\r|\n/)) {
    const found = trim(line).startsWith('{') ? tryDecode(trim(line)) : undefined
    if (found !== undefined && !isEmpty(found)) return found
  }
  return tryDecode(text) ?? []
}

const listAt = (value: Json, ...path: string[]): readonly Json[] => {
  const found = dig(value, ...path)
  return isArray(found) ? values(found) : []
}

function descriptionsOf(data: Json): readonly Json[] {
  const cna = ['containers', 'cna'] as const
  const one = dig(data, ...cna, 'description')
  const found = [
    ...listAt(data, ...cna, 'descriptions'),
    ...listAt(data, 'description', 'description_data'),
    ...(typeof one === 'string' && one !== '' ? [{ value: one }] : listAt(data, ...cna, 'description'))
  ]
  return found.length > 0 ? found : listAt(data, 'x_legacyV4Record', 'description', 'description_data')
}

const textOf = (description: Json): Json => dig(description, 'value') ?? dig(description, 'description')

function summaryOf(data: Json): string {
  const all = descriptionsOf(data)
  for (const description of all) {
    if (!isArray(description)) continue
    const language = phpString(dig(description, 'lang') ?? dig(description, 'language'))
      .trim()
      .toLowerCase()
    const text = textOf(description)
    if (text !== null && language.startsWith('en')) return trim(phpString(text))
  }
  const [first] = all
  return first === undefined ? noSummary : trim(phpString(textOf(first) ?? noSummary))
}

const scoreKeys = ['cvssV3_1', 'cvssV4', 'cvssV3', 'cvssV2']

function scoreIn(metrics: readonly Json[]): Json {
  for (const metric of metrics)
    for (const key of scoreKeys) {
      const score = dig(metric, key, 'baseScore')
      if (score !== null) return score
    }
  return null
}

export function readCve(body: string): Cve {
  const data = decode(body)
  const own = scoreIn(listAt(data, 'containers', 'cna', 'metrics'))
  if (own !== null) return { summary: summaryOf(data), score: own }
  const others = listAt(data, 'containers', 'adp').map((entry) => scoreIn(listAt(entry, 'metrics')))
  return { summary: summaryOf(data), score: others.find((score) => score !== null) ?? null }
}

const attackPattern = 'misp-galaxy:mitre-attack-pattern="Vulnerabilities - T1588.006"'

export function tagsOfCve({ score }: Cve, withPattern: boolean): readonly string[] {
  const pattern = withPattern ? [attackPattern] : []
  if (!isNumeric(score)) return [...pattern, 'CVSS:unknown', 'misp:threat-level="unknown-risk"']
  const number = phpFloat(score)
  const level = number >= 7 ? 'high' : number >= 4 ? 'medium' : 'low'
  return [...pattern, `CVSS:${phpString(score)}`, `misp:threat-level="${level}-risk"`]
}
