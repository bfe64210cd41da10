// Which triggers MISP's models fire when an action saves something (AppModel::executeTrigger's callers).
import type { JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { Fired } from '../facts.ts'
import { valueOf } from './settings.ts'

const fired = (...triggers: readonly string[]): readonly Fired[] => triggers.map((trigger) => ({ trigger }))

export const nothing = (): readonly Fired[] => []

export const savesEvent = fired('event-before-save', 'event-after-save', 'log-after-save')

/** MispAttribute::editAttributeBulk saves attributes and the tags that they carry, not their event. */
export const editsAttributes = fired('attribute-after-save', 'tag-attached-after-save', 'log-after-save')

/** MispAttribute::touch saves the attribute, its object and its event. */
const touchesAttributes = [...fired('attribute-after-save', 'object-after-save'), ...savesEvent]

export const alwaysFires =
  (...parts: readonly (readonly Fired[] | string)[]) =>
  (): readonly Fired[] =>
    once(parts.flatMap((part) => (typeof part === 'string' ? fired(part) : part)))

const once = (all: readonly Fired[]): readonly Fired[] => [
  ...new Map(
    // A trigger that is fired in any case is not told once more with a condition.
    [...all]
      .sort((a, b) => Number(a.needs === undefined) - Number(b.needs === undefined))
      .map((one) => [one.trigger, one])
  ).values()
]

/** Tags on events fire their trigger only with tag notifications, tags on attributes always (EventTag and AttributeTag::afterSave). */
export function firesByTagging(definition: ModuleDefinition, params: JsonMap): readonly Fired[] {
  const [scope, action] = ['scope', 'action'].map((id) => valueOf({ params }, definition, id))
  const adds = action !== 'remove'
  const onEvent: readonly Fired[] = [
    ...(adds ? [{ trigger: 'tag-attached-after-save', needs: 'tag notifications' } as const] : []),
    ...savesEvent
  ]
  const onAttributes = [...(adds ? fired('tag-attached-after-save') : []), ...touchesAttributes]
  return once([...(scope === 'attribute' ? [] : onEvent), ...(scope === 'event' ? [] : onAttributes)])
}
