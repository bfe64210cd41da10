// Module_tag_replacement_generic and what its two children make of it.
import { plainText, type Json } from '../../../contract/json.ts'
import { extract } from '../../hash/hash.ts'
import { stringArgument } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { isEmpty } from '../../php/values.ts'
import type { Gen } from '../../effects/signals.ts'
import type { TagOptions } from '../../world/models/tags.ts'
import type { Execute, ModuleContext } from '../context.ts'
import { itemsOf } from './attributes.ts'
import { offset } from './params.ts'
import {
  addTagsToAttributes,
  addTagsToEvent,
  removeTagsFromAttributes,
  removeTagsFromEvent,
  selectItems,
  tooFewArguments
} from './tags.ts'

/** What a tag is replaced by, null when it is not one of those that the module looks for. */
export type Substitute = (tag: string) => string | null

interface Replacement {
  readonly remove: readonly string[]
  readonly add: readonly string[]
}

function replacements(names: Json, substitute: Substitute): Replacement {
  const remove: string[] = []
  const add: string[] = []
  for (const name of itemsOf(names)) {
    const tag = stringArgument(name, 'preg_match(): Argument #2 ($subject)')
    const substitution = substitute(tag)
    if (substitution === null) continue
    remove.push(tag)
    add.push(substitution)
  }
  return { remove, add }
}

interface Plan {
  /** Every tag that is to change ends the run (tooFewArguments). */
  readonly aborts: boolean
  readonly substitute: Substitute
  readonly removes: boolean
  readonly add: Omit<TagOptions, 'tags'>
}

// MISP asks for the localities [0, 1], which the models take for "local": global tags are never removed.
const removal = (tags: readonly string[]): TagOptions => ({ tags, local: true, relationship: null })

function abortIfNeeded(plan: Plan, { remove, add }: Replacement, onWhat: string): void {
  if (!plan.aborts) return
  const file = 'Module_tag_replacement_generic.php'
  if (plan.removes && remove.length > 0) throw tooFewArguments(`__removeTagsFrom${onWhat}`, 2, file)
  if (add.length > 0) throw tooFewArguments(`__addTagsTo${onWhat}`, 3, file)
}

const attributeWords = (attribute: Json): string =>
  `Attribute ${plainText(offset(attribute, 'id') ?? '?').slice(0, 40)}`

/** Hash::extract of null is an Exception, or a TypeError: MISP’s own data has the key in every event and attribute. */
function tagNames(thing: Json, words: string): Json {
  const tags = offset(thing, 'Tag')
  try {
    return extract(tags, '{n}.name')
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow) || tags !== null) throw thrown
    throw thrown.withHint(
      `${words} has no key \`Tag\`, which this module reads without looking; MISP’s own data has one, if only an empty list.`
    )
  }
}

function* replaceOnEvent(ctx: ModuleContext, items: Json, plan: Plan): Gen<boolean> {
  let result = true
  const names = tagNames(offset(items, 'Event'), 'The event')
  const { remove, add } = replacements(names, plan.substitute)
  abortIfNeeded(plan, { remove, add }, 'Event')
  if (plan.removes && remove.length > 0) result = yield* removeTagsFromEvent(ctx, items, removal(remove))
  if (add.length > 0) result = yield* addTagsToEvent(ctx, items, { ...plan.add, tags: add })
  return result
}

/** An attribute without tags is a TypeError: Hash::extract gets null. */
function* replaceOnAttributes(ctx: ModuleContext, items: Json, plan: Plan): Gen<boolean> {
  let result = true
  for (const attribute of itemsOf(items)) {
    const { remove, add } = replacements(tagNames(attribute, attributeWords(attribute)), plan.substitute)
    abortIfNeeded(plan, { remove, add }, 'Attributes')
    if (plan.removes && remove.length > 0) result = yield* removeTagsFromAttributes(ctx, [attribute], removal(remove))
    if (add.length > 0) result = yield* addTagsToAttributes(ctx, [attribute], { ...plan.add, tags: add })
  }
  return result
}

/** Module_tag_replacement_generic::exec with a child's search and substitution. */
export const replaceTags = (substitute: Substitute, { aborts = false } = {}): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const { scope = '', remove_substituted = '', locality = '', relationship_type = '' } = yield* ctx.params()
    const selected = selectItems(ctx, data)
    if (selected === false) return false
    const { items } = selected
    const onAttributes = looseEquals(scope, 'attribute') || looseEquals(scope, 'all')
    const attributes = onAttributes ? extract(items, 'Event._AttributeFlattened.{n}') : []
    if (isEmpty(items)) return true
    const add = { local: looseEquals(locality, 'local'), relationship: relationship_type }
    const plan: Plan = { aborts, substitute, removes: looseEquals(remove_substituted, 'yes'), add }
    let result = false
    if (looseEquals(scope, 'event') || looseEquals(scope, 'all')) result = yield* replaceOnEvent(ctx, items, plan)
    if (onAttributes) result = yield* replaceOnAttributes(ctx, attributes, plan)
    return result
  }

/**
 * A taxonomy's tag in one of its common spellings: `tlp:red`, `TLP : RED`, `tlp="red"`… Only the namespace itself counts. MISP's expression
 * is /(\w*tlp\w*|phrase)([separators]{1,2})"?(colours)"?/i, of which the first place counts; here no attempt begins within a word, so that
 * a long one is read once.
 */
export function spelling(namespace: string, phrase: string, colours: string): (tag: string) => string | null {
  const rest = `[:\\t\\n\\v\\f\\r \\-=]{1,2}"?(${colours})`
  const words = new RegExp(`\\b(\\w+)(?=${rest})`, 'gi')
  const phrases = new RegExp(`${phrase}${rest}`, 'i')
  return (tag) => {
    const other = tag.search(phrases)
    for (const { index, 1: word = '', 2: colour = '' } of tag.matchAll(words)) {
      if (other >= 0 && other < index) return null
      if (word.toLowerCase() === namespace) return colour
      if (word.toLowerCase().includes(namespace)) return null
    }
    return null
  }
}
