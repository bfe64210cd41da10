import type { Json, JsonMap } from '../../../contract/json.ts'
import { phpString } from '../../php/cast.ts'
import { isEmpty, at } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import type { ModelEnv } from './env.ts'

/** Tag::tagColor is a hash of the name; the world gives new tags no colour of their own. */
const newTag = (name: string): JsonMap => ({ name, colour: '#0088cc', is_galaxy: /^misp-galaxy:.+=.+/i.test(name) })

/** Tag::captureTag: the id, null when there is no such tag and the user may not create one. */
export function captureTag(env: ModelEnv, given: Json): string | null {
  const name = phpString(given)
  const known = env.world.tagByName(name)
  if (known !== null) return idText(known.id)
  if (!env.world.has('tags')) env.world.unknown('tags', `tag ${name}`)
  if (isEmpty(at(env.user.Role, 'perm_tag_editor'))) return null
  if (name.trim() === '') return null
  return env.world.insertTag(newTag(name.slice(0, 255)))
}
