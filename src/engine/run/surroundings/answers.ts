// Answers of runs that were fired stand in the file of the run that fired them. A run that fires another one for each of a thousand attributes gets
// the same ones a thousand times: what comes once more is told by where it came before.
import type { Json } from '../../../contract/json.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import type { RecordedAnswer } from '../../../contract/surroundings.ts'
import { containersIn, copyOf } from './copies.ts'

export type ToldAnswer = Exclude<RecordedAnswer, readonly [number, number]>
type OneAnswer = Exclude<ToldAnswer, number>

/** So many answers in a row are looked for further up. */
const shortest = 3

/**
 * Equal answers become one, and what came before in the same order a reference. A run's file tells answers that are one value from those that are
 * only equal, so that a repeat has to know which they were.
 * @param isElsewhere whether a list or map in an answer stands in one that the run itself got, too
 */
export function packAnswers(
  answers: readonly ToldAnswer[],
  isElsewhere: (answer: object) => boolean = () => false
): readonly RecordedAnswer[] {
  const own = unified(answers, isElsewhere)
  const keyAt = (i: number): string => {
    let key = ''
    for (let n = 0; n < shortest; n++) key += `${own[i + n]?.number ?? ''} `
    return key
  }
  const last = new Map<string, number>()
  const packed: RecordedAnswer[] = []
  for (let i = 0; i < own.length;) {
    const from = i + shortest <= own.length ? last.get(keyAt(i)) : undefined
    let count = 0
    if (from !== undefined) while (i + count < own.length && own[from + count] === own[i + count]) count++
    const end = i + Math.max(1, count)
    if (count > 0) packed.push([i - (from as number), count])
    else packed.push((own[i] as Unified).answer)
    for (; i < end; i++) if (i + shortest <= own.length) last.set(keyAt(i), i)
  }
  return packed
}

interface Unified {
  readonly number: number
  answer: ToldAnswer
}

function unified(answers: readonly ToldAnswer[], isElsewhere: (answer: object) => boolean): readonly Unified[] {
  const times = new Map<object, number>()
  for (const one of answers) {
    if (typeof one === 'number') continue
    for (const inner of containersIn(one.answer as unknown as Json)) times.set(inner, (times.get(inner) ?? 0) + 1)
  }
  const isFree = ({ answer }: OneAnswer): boolean =>
    [...containersIn(answer as unknown as Json)].every((inner) => times.get(inner) === 1 && !isElsewhere(inner))
  const objects = new Map<object, number>()
  const numberOf = (answer: object): number => {
    const number = objects.get(answer) ?? objects.size
    objects.set(answer, number)
    return number
  }
  const known = new Map<string, Unified>()
  return answers.map((one) => {
    const isCopy = typeof one !== 'number' && isFree(one)
    const key = typeof one === 'number' || isCopy ? JSON.stringify(one) : `${numberOf(one.answer)} ${textAround(one)}`
    const found = known.get(key)
    if (found === undefined) {
      const added = { number: known.size, answer: one }
      known.set(key, added)
      return added
    }
    if (isCopy) found.answer = { ...(found.answer as OneAnswer), copies: true }
    return found
  })
}

const textAround = ({ answer: _answer, ...around }: OneAnswer): string => JSON.stringify(around)

/** All of them, in their order. A reference that leads nowhere is none. */
export function unpackAnswers(packed: readonly RecordedAnswer[]): readonly ToldAnswer[] {
  const answers: ToldAnswer[] = []
  const given = new Set<ToldAnswer>()
  const add = (one: ToldAnswer): void => {
    const isAgain = typeof one !== 'number' && one.copies === true && given.has(one)
    const added = isAgain ? { ...one, answer: copyOf(one.answer as unknown as Json) as unknown as EffectAnswer } : one
    given.add(added)
    answers.push(added)
  }
  for (const one of packed) {
    if (!isReference(one)) add(one)
    else
      for (let n = 0; n < one[1]; n++) {
        const answer = answers[answers.length - one[0]]
        if (answer === undefined) break
        add(answer)
      }
  }
  return answers
}

const isReference = (one: RecordedAnswer): one is readonly [number, number] => Array.isArray(one)
