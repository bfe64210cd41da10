// The differences of one line of a comparison as they may be shown: secrets hidden, in words, with the places behind.
import type { DifferencePlace } from '../../../contract/comparison.ts'
import type { Json } from '../../../contract/json.ts'
import { claiming, say, shownValue, theirs } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { hideTexts, maskParamMap, maskUrls } from '../../../contract/secrets.ts'
import type { ChangeSentence, ValueChanges, ValuePath } from '../../../contract/values.ts'
import { previewOf, previewsOf } from '../../../engine/format/preview.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import type { Side } from '../../../engine/replay/compare/side.ts'
import { partsOf } from '../../../engine/replay/compare/step-differences.ts'
import type { PartDifferences } from '../../../engine/replay/compare/step-differences.ts'
import { valueAt } from '../../../engine/format/values.ts'
import { diff } from '../../../engine/replay/diff.ts'
import type { Difference } from '../../../engine/replay/diff.ts'
import { maskRunEffect } from '../effects/show.ts'
import { maskErrors } from '../mask/value.ts'
import { runSecrets } from './run-secrets.ts'
import { changesOf } from '../values/changes.ts'

/** The part of two steps with its secrets hidden. */
function shownParts(compared: Compared, a: number, b: number, place: DifferencePlace): readonly [Json, Json] {
  const [before, after] = partsOf(compared, a, b, place, maskRunEffect)
  return [shownPart(compared.a, a, place, before), shownPart(compared.b, b, place, after)]
}

function shownPart(side: Side, position: number, place: DifferencePlace, value: Json): Json {
  const { params, effects } = side.run.fold.data[position]!
  if (place === 'parameters') return isMap(value) ? maskParamMap(value) : value
  return place === 'errors' || place === 'result' ? maskErrors(value, params, effects) : value
}

/** What differs of what is told of their ends; what one of the runs keeps secret stands in no value. */
export function endDifferences({ a, b }: Compared, [one, other]: readonly [Json, Json]): readonly Difference[] {
  const secrets = [runSecrets(a.run), runSecrets(b.run)] as const
  return diff(one, other, { limit: mostOfEnd }).map(({ op, path, before, after }) => ({
    ...{ op, path },
    ...(before === undefined ? {} : { before: hideTexts(before, secrets[0]) }),
    ...(after === undefined ? {} : { after: hideTexts(after, secrets[1]) })
  }))
}

const mostOfEnd = 1000

const isRoaming = (place: DifferencePlace): boolean => place === 'input' || place === 'output'

/** The same part as it may be shown. Roaming data stays as it is. */
export function shownDifferences(compared: Compared, part: PartDifferences, a: number, b: number): PartDifferences {
  if (isRoaming(part.in)) return part
  const [before, after] = shownParts(compared, a - 1, b - 1, part.in)
  const differences = part.differences.map(({ op, path }): Difference => ({
    ...{ op, path },
    ...(op === 'added' ? {} : { before: valueAt(before, path) ?? null }),
    ...(op === 'removed' ? {} : { after: valueAt(after, path) ?? null })
  }))
  return { ...part, before, after, differences }
}

/** In words, from A to B. `posts`: the data are of debug posts. */
export function partChanges({ a }: Compared, part: PartDifferences, limit: number): ValueChanges {
  const { before, after, differences, isCut } = part
  const posts = a.asPosts || a.run.origin === 'captured'
  const told = changesOf(before, after, limit, { differences, isCut, profile: a.run.fold.profile, posts })
  if (isRoaming(part.in)) return told
  return { ...told, words: differences.slice(0, limit).map((one, i) => placeWords(one, i)) }
}

/** `value: x in A, y in B`, for what is no roaming data. */
function placeWords({ op, path, before, after }: Difference, i: number): ChangeSentence {
  const name = path.join('.')
  const its = claiming(name === '' ? 'value' : name, { kind: 'said', value: name })
  const [was, is] =
    op === 'changed'
      ? valueTexts(before, after, path)
      : [valueText(before, 'input', path), valueText(after, 'output', path)]
  const said =
    op === 'changed'
      ? say`${its}: ${was} in A, ${is} in B`
      : op === 'removed'
        ? say`${its} (${was}) only in A`
        : say`${its} (${is}) only in B`
  return { op, of: [i], ...said }
}

/** Of values that begin alike the pieces where they part. */
function valueTexts(before: Json | undefined, after: Json | undefined, path: ValuePath): readonly [Sentence, Sentence] {
  const texts = [valueText(before, 'input', path), valueText(after, 'output', path)] as const
  if (texts[0].text !== texts[1].text) return texts
  const [was, is] = previewsOf(before, after)
  return [theirs(maskUrls(was)), theirs(maskUrls(is))]
}

function valueText(value: Json | undefined, side: 'input' | 'output', path: ValuePath): Sentence {
  if (value === '') return claiming('empty', { kind: 'value', in: side, path, value: '' })
  const isBox = typeof value === 'object' && value !== null
  const text = isBox ? previewOf(value) : shownValue(value ?? null)
  return claiming(text, { kind: 'value', in: side, path, value: text })
}
