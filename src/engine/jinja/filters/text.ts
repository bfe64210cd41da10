// Filters over text.
import { filter, type Filter } from '../runtime/calls.ts'
import { ordered, truth, undefinedError } from '../python/compare.ts'
import { PyError, filterArgumentError, typeError } from '../python/errors.ts'
import { dictOf } from '../runtime/macro.ts'
import { stripTags } from '../python/html.ts'
import { claimText, tick } from '../python/limits.ts'
import { asInt } from '../python/numbers.ts'
import { add, escapeValue, multiply, subtract } from '../python/operators.ts'
import { slice } from '../python/slicing.ts'
import { iterate, size, toArray } from '../python/iterate.ts'
import { formatPercent } from '../python/percent-format.ts'
import { attributeOnly } from '../runtime/access.ts'
import { str } from '../python/repr.ts'
import { callValue } from '../runtime/runtime.ts'
import { SPACE, splitLines } from '../python/text.ts'
import { joinTexts, textMethod } from '../python/text-methods.ts'
import { attributeGetter } from './help.ts'
import { wrapParagraph } from '../python/wrap.ts'
import {
  DONE,
  Markup,
  NO_KWARGS,
  PyList,
  PyTuple,
  Undefined,
  textOf,
  typeName,
  type Kwargs,
  type Py
} from '../python/values.ts'
import { replaceText } from '../python/text-parts.ts'

/** A str or Markup as it is, anything else as its str(). */
function soft(value: Py): string | Markup {
  return typeof value === 'string' || value instanceof Markup ? value : str(value)
}

const method = (value: Py, name: string, ...args: Py[]): Py => {
  const found = textMethod(soft(value), name)
  return found === undefined ? null : found.call(args, NO_KWARGS)
}

/** value.name() of any object; AttributeError where there is none. */
export function callMethod(value: Py, name: string, ...args: Py[]): Py {
  if (value instanceof Undefined) throw undefinedError(value)
  const found = attributeOnly(value, name)
  if (found instanceof Undefined) {
    throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`)
  }
  return callValue(found, args, NO_KWARGS)
}

const WORD_START = new RegExp(`([-${SPACE}({[<]+)`, 'u')

function title(text: string): string {
  tick(text.length)
  return text
    .split(WORD_START)
    .filter((item) => item !== '')
    .map((item) => {
      const first = String.fromCodePoint(item.codePointAt(0) as number)
      return first.toUpperCase() + item.slice(first.length).toLowerCase()
    })
    .join('')
}

function truncate(text: Py, length: Py, killWords: Py, end: Py, leeway: Py): Py {
  const endSize = size(end)
  if (!ordered('>=', length, endSize)) {
    throw new PyError('AssertionError', `expected length >= ${endSize}, got ${str(length)}`)
  }
  if (!ordered('>=', leeway, 0)) throw new PyError('AssertionError', `expected leeway >= 0, got ${str(leeway)}`)
  if (ordered('<=', size(text), add(length, leeway))) return text
  const head = slice(text, null, subtract(length, endSize), null)
  if (truth(killWords)) return add(head, end)
  const parts = callMethod(head, 'rsplit', ' ', 1)
  return add(parts instanceof PyList ? (parts.items[0] as Py) : '', end)
}

function indent(value: Py, width: Py, first: boolean, blank: boolean): Py {
  const given = textOf(value)
  if (given === undefined) {
    if (value instanceof PyList) return callMethod(value, 'splitlines')
    add(value, '\n', '+=')
    throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`)
  }
  const by = textOf(width) ?? (multiply(' ', width) as string)
  const lines = splitLines(`${given}\n`, false)
  claimText(given.length + by.length * lines.length)
  let text: string
  if (blank) text = lines.join(`\n${by}`)
  else text = lines.map((line, index) => (index > 0 && line !== '' ? by + line : line)).join('\n')
  if (first) text = by + text
  return value instanceof Markup ? new Markup(text) : text
}

function replace(autoescape: boolean, value: Py, old: Py, fresh: Py, count: Py): Py {
  const limit = count === null ? -1 : asInt(count)
  if (limit === undefined) throw typeError(`'${typeName(count)}' object cannot be interpreted as an integer`)
  if (!autoescape) return replaceText(str(value), str(old), str(fresh), Number(limit))
  const safe = old instanceof Markup || (fresh instanceof Markup && !(value instanceof Markup))
  const target = safe ? escapeValue(value) : soft(value)
  return (textMethod(target, 'replace') as Exclude<ReturnType<typeof textMethod>, undefined>).call(
    [soft(old), soft(fresh), Number(limit)],
    NO_KWARGS
  )
}

function join(autoescape: boolean, value: Py, separator: Py, attribute: Py): Py {
  const next = iterate(value)
  const get = attribute === null ? null : attributeGetter(attribute)
  const items: Py[] = []
  for (let item = next(); item !== DONE; item = next()) items.push(get === null ? item : get(item))
  if (!autoescape) return joinTexts(str(separator), items.map(str))
  if (separator instanceof Markup || items.some((item) => item instanceof Markup)) {
    return new Markup(
      joinTexts(
        escapeValue(separator).text,
        items.map((item) => escapeValue(soft(item)).text)
      )
    )
  }
  return joinTexts(str(separator), items.map(str))
}

function wordWrap(value: Py, width: Py, breakLong: boolean, by: Py, hyphens: Py): Py {
  const lines = callMethod(value, 'splitlines')
  const columns = asInt(width)
  const wrapped = toArray(lines).map((line) => {
    if (columns === undefined && str(line) !== '') {
      throw typeError(`'<=' not supported between instances of '${typeName(width)}' and 'int'`)
    }
    return wrapParagraph(str(line), Number(columns), breakLong, truth(hyphens), hyphens === true)
  })
  const separator = by === null ? '\n' : by
  return method(separator, 'join', new PyList(wrapped.map((lines) => method(separator, 'join', new PyList(lines)))))
}

function countWords(text: string): number {
  tick(text.length >> 1)
  return (text.match(WORD) ?? []).length
}

const WORD = /[\p{L}\p{N}_]+/gu

function formatWith(args: readonly Py[], kwargs: Kwargs): Py {
  const [value, ...rest] = args
  if (rest.length > 0 && kwargs.size > 0) {
    throw filterArgumentError("can't handle positional and keyword arguments at the same time")
  }
  return formatPercent(soft(value as Py), kwargs.size > 0 ? dictOf(kwargs) : new PyTuple(rest))
}

export const textFilters: Readonly<Record<string, Filter>> = {
  upper: filter('do_upper', 's', ([s]) => method(s as Py, 'upper')),
  lower: filter('do_lower', 's', ([s]) => method(s as Py, 'lower')),
  capitalize: filter('do_capitalize', 's', ([s]) => method(s as Py, 'capitalize')),
  title: filter('do_title', 's', ([s]) => title(str(s as Py))),
  center: filter('do_center', 'value width?', ([value, width]) => method(value as Py, 'center', width ?? 80)),
  trim: filter('do_trim', 'value chars?', ([value, chars]) => method(value as Py, 'strip', chars ?? null)),
  string: filter('soft_str', 's', ([s]) => soft(s as Py)),
  safe: filter('do_mark_safe', 'value', ([value]) => new Markup(str(value as Py))),
  escape: filter('escape', 's /', ([s]) => escapeValue(s as Py)),
  forceescape: filter('do_forceescape', 'value', ([value]) => escapeValue(str(value as Py))),
  striptags: filter('do_striptags', 'value', ([value]) => stripTags(str(value as Py))),
  wordcount: filter('do_wordcount', 's', ([s]) => countWords(str(s as Py))),
  format: (args, kwargs) => {
    if (args.length === 0) throw typeError("do_format() missing 1 required positional argument: 'value'")
    return formatWith(args, kwargs)
  },
  truncate: filter('do_truncate', 's length? killwords? end? leeway?', ([s, length, kill, end, leeway]) =>
    truncate(s as Py, length === undefined ? 255 : length, kill ?? false, end === undefined ? '...' : end, leeway ?? 5)
  ),
  indent: filter('do_indent', 's width? first? blank?', ([s, width, first, blank]) =>
    indent(s as Py, width === undefined ? 4 : width, truth(first ?? false), truth(blank ?? false))
  ),
  replace: filter('do_replace', 's old new count?', ([s, old, fresh, count], { autoescape }) =>
    replace(autoescape, s as Py, old as Py, fresh as Py, count ?? null)
  ),
  join: filter('sync_do_join', 'value d? attribute?', ([value, d, attribute], { autoescape }) =>
    join(autoescape, value as Py, d === undefined ? '' : d, attribute ?? null)
  ),
  wordwrap: filter(
    'do_wordwrap',
    's width? break_long_words? wrapstring? break_on_hyphens?',
    ([s, width, long, by, hyphens]) =>
      wordWrap(
        s as Py,
        width === undefined ? 79 : width,
        long === undefined || truth(long),
        by ?? null,
        hyphens === undefined ? true : hyphens
      )
  )
}
