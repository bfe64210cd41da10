import type { HashLook } from '../../../contract/authoring.ts'
import { plural } from '../../../contract/words.ts'

/** Operators for which MISP reads one value instead of a list. */
export const readsOne = (operator: string): boolean => operator === 'equals' || operator === 'not_equals'

/** One line: what is found and, when nothing is, where it stops and what is there instead. */
export function findsText(look: HashLook, operator: string): { readonly tone: string; readonly text: string } {
  if (readsOne(operator) && look.items === null) {
    return look.get.found
      ? { tone: 'good', text: `get finds ${look.get.preview}` }
      : { tone: 'bad', text: look.get.note ?? look.summary }
  }
  if (look.extract.total === 0) return { tone: 'bad', text: look.summary }
  const samples = look.extract.matches.map((match) => match.preview).join(', ')
  const values = plural(look.extract.total, 'value')
  return { tone: 'good', text: `${values}: ${samples}${look.extract.total > look.extract.matches.length ? ', …' : ''}` }
}
