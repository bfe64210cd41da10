// Errors inside answers: a renderer or an enrichment module that answers, and answers an error. MISP takes no notice of them.
import type { Json } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { jsonDecode } from '../php/decode.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { isEmpty, isMap } from '../php/values.ts'

/** What an answer says went wrong, and of what it says so; null where it says nothing of the kind. */
export function answerError(
  effect: Effect,
  answer: EffectAnswer
): { readonly of: string; readonly text: string } | null {
  const text = errorText(answer)
  if (text === null) return null
  if (effect.kind === 'template') return { of: `template of ${effect.param}`, text }
  // Module_misp_module reports the error of an action module itself.
  if (effect.kind !== 'misp-modules' || effect.family === 'Action') return null
  return { of: `response of ${textOf(effect.body['module'] ?? 'misp-modules')}`, text }
}

/** As a step's error is told. */
export function answerProblem(effect: Effect, answer: EffectAnswer): string | null {
  const error = answerError(effect, answer)
  if (error === null) return null
  const then = effect.kind === 'template' ? 'MISP uses an empty text.' : 'MISP reports no error.'
  return `${error.of}: ${error.text.replace(/\.$/, '')}. ${then}`
}

function errorText(answer: EffectAnswer): string | null {
  if ('failure' in answer || 'sent' in answer) return null
  if ('text' in answer) {
    if (answer.error === undefined) return null
    const { type, message, line } = answer.error
    return `${type}: ${message}${line === undefined ? '' : ` (line ${line})`}`
  }
  const reply = 'json' in answer ? answer.json : decoded(answer.body)
  const error = isMap(reply) && Object.hasOwn(reply, 'error') ? reply['error'] : null
  return isEmpty(error ?? null) ? null : textOf(error as Json)
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

function decoded(body: string): Json {
  if (!/^\s*\{/.test(body)) return null
  try {
    return jsonDecode(body)
  } catch (thrown) {
    if (thrown instanceof PhpThrow) return null
    throw thrown
  }
}
