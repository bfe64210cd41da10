// Secrets in what verify tells: parameters of modules, and what repeats them. Roaming data stays as it is.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isSecretParam } from '../../../contract/modules.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { hideTexts, mask, maskParam, secretsOfParams } from '../../../contract/secrets.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { VerifyInput } from '../../../engine/replay/verify/verify.ts'
import type { RunFold } from '../../../engine/replay/fold.ts'
import { secretsOfEffect } from '../effects/show.ts'

export function hiderOf({ data }: Pick<RunFold, 'data'>): NonNullable<VerifyInput['hide']> {
  let texts: SecretTexts | null = null
  return (value, { kind, path, seen }) => {
    if (kind === 'data' && seen?.kind !== 'end') return value
    texts ??= new SecretTexts(
      data.flatMap(({ params, effects }) => [
        ...secretsOfParams((params ?? {}) as JsonMap),
        ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
      ])
    )
    const isSecret = (path ?? '').split('.').some((key) => isSecretParam(key))
    return isSecret && value !== null ? mask : hideTexts(maskKeys(value), texts)
  }
}

/** Nodes and parameters, however they are wrapped. */
function maskKeys(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(maskKeys)
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretParam(key) ? maskParam(key, item as Json) : maskKeys(item as Json)
    ])
  )
}
