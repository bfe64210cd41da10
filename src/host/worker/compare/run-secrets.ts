// The texts of a run that nobody is shown.
import type { JsonMap } from '../../../contract/json.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { secretsOfParams } from '../../../contract/secrets.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import { secretsOfEffect } from '../effects/show.ts'

export const runSecrets = ({ fold }: Pick<ComparedRun, 'fold'>): SecretTexts =>
  new SecretTexts(
    fold.data.flatMap(({ params, effects }) => [
      ...secretsOfParams((params ?? {}) as JsonMap),
      ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
    ])
  )
