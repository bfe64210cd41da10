// What a condition read offline that MISP decided otherwise. Both had the same data and parameters: posts before it are equal.
import { say } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { VerifyCondition } from '../../../contract/verify.ts'
import { previewOf } from '../../format/preview.ts'
import { withDefaults } from '../../modules/describe/settings.ts'
import { codeOf } from '../../modules/implementations.ts'
import { modulesOf } from '../../modules/table.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { isArray, isEmpty } from '../../php/values.ts'
import { underPhp } from '../../php/version.ts'
import { profiles } from '../../profiles/profiles.ts'
import type { ProfileId } from '../../profiles/profiles.ts'
import type { LanePost } from './posts.ts'

interface Told {
  readonly text: Sentence
  readonly condition: VerifyCondition
}

/** Null where the module does not tell why. */
export function conditionOf({ moduleId, moduleType, branch, read }: LanePost, profile: ProfileId): Told | null {
  const reason = codeOf(profile).reason(moduleId)
  if (reason === undefined || read === null) return null
  const result = branch === 'output_1'
  const rules = profiles[profile]
  const params = withDefaults(read.params, modulesOf(profile).find(moduleType, moduleId))
  try {
    const { because, path, found, operator, value } = underPhp(rules.php, () => reason(params, read.view, rules))
    return {
      text: result ? say`Offline it is true: ${because}.` : say`Offline it is false: ${because}.`,
      condition: {
        result,
        facts: [
          { name: 'path', value: previewOf(path) },
          { name: 'found', value: isArray(found) && isEmpty(found) ? 'nothing' : previewOf(found) },
          { name: 'operator', value: previewOf(operator) },
          { name: 'value', value: previewOf(value) }
        ]
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return null
  }
}
