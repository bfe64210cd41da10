// Methods of str, and of Markup, which wraps what they answer and escapes what it takes in.
import { typeError, valueError } from './errors.ts'
import { DONE, Markup, PyFunction, PyList, PyTuple, isObject, textOf, typeName, type Py } from './values.ts'
import { iterate, toArray } from './iterate.ts'
import { claimScan, claimText } from './limits.ts'
import { boundMethod, methods, needIndex, needText, type Methods } from './methods.ts'
import { asInt } from './numbers.ts'
import { escapeValue } from './operators.ts'
import { sliceBounds } from './slicing.ts'
import { encode } from './bytes.ts'
import { stripTags, unescapeHtml } from './html.ts'
import * as texts from './text.ts'
import { countIn, partition, replaceText, rsplitText, separator, splitText } from './text-parts.ts'
import { makeTranslation, translate } from './translate.ts'

interface Segment {
  readonly text: string
  readonly start: number
  readonly valid: boolean
}

function segment(text: string, start: Py | undefined, end: Py | undefined): Segment {
  const length = texts.lengthOf(text)
  const bounds = sliceBounds(start ?? null, end ?? null, null, length)
  const from = start === undefined || start === null ? 0 : Number(asInt(start))
  const valid = from <= length && bounds.start <= bounds.stop
  return { text: valid ? texts.substring(text, bounds.start, bounds.stop) : '', start: bounds.start, valid }
}

const mustBe = (name: string) => (type: string) => `${name}() argument 1 must be str, not ${type}`

function find(self: string, args: readonly (Py | undefined)[], last: boolean): number {
  const part = needText(args[0], (type) => `must be str, not ${type}`)
  const { text, start, valid } = segment(self, args[1], args[2])
  if (!valid) return -1
  const unit = last ? text.lastIndexOf(part) : text.indexOf(part)
  return unit < 0 ? -1 : start + texts.pointIndex(text, unit)
}

function found(index: number): number {
  if (index < 0) throw valueError('substring not found')
  return index
}

function hasEdge(self: string, args: readonly (Py | undefined)[], name: string, start: boolean): boolean {
  const { text, valid } = segment(self, args[1], args[2])
  const tests = (edge: string): boolean => valid && (start ? text.startsWith(edge) : text.endsWith(edge))
  const wanted = args[0] as Py
  if (wanted instanceof PyTuple) {
    return wanted.items.some((item) =>
      tests(needText(item, (type) => `tuple for ${name} must only contain str, not ${type}`))
    )
  }
  return tests(needText(wanted, (type) => `${name} first arg must be str or a tuple of str, not ${type}`))
}

function stripChars(value: Py | undefined, name: string): Set<string> | null {
  if (value === undefined || value === null) return null
  return new Set(texts.points(needText(value, () => `${name} arg must be None or str`)))
}

function fillChar(value: Py | undefined): string {
  if (value === undefined) return ' '
  const text = needText(value, (type) => `The fill character must be a unicode character, not ${type}`)
  if (texts.lengthOf(text) !== 1) throw typeError('The fill character must be exactly one character long')
  return text
}

function padding(text: string, width: Py | undefined): number {
  const missing = needIndex(width, 0) - texts.lengthOf(text)
  if (missing <= 0) return 0
  claimText(text.length + missing)
  return missing
}

function center(text: string, width: number, fill: string): string {
  const missing = width - texts.lengthOf(text)
  if (missing <= 0) return text
  claimText(width)
  const left = (missing >> 1) + (missing & width & 1)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

function expandTabs(text: string, size: number): string {
  let column = 0
  let result = ''
  for (const char of text) {
    if (char === '\t') {
      const step = size > 0 ? size - (column % size) : 0
      claimText(result.length + step > 1024 ? step : 0)
      result += ' '.repeat(step)
      column += step
    } else {
      result += char
      column = char === '\n' || char === '\r' ? 0 : column + 1
    }
  }
  return result
}

function zeroFill(text: string, width: Py | undefined): string {
  const missing = padding(text, width)
  const sign = text.startsWith('+') || text.startsWith('-') ? (text[0] as string) : ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}

/** separator.join(items); every item must be a str. */
export function joinTexts(by: string, items: readonly Py[]): string {
  let length = by.length * Math.max(0, items.length - 1)
  const parts = items.map((item, index) => {
    const text = textOf(item)
    if (text === undefined) throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`)
    length += text.length
    return text
  })
  claimText(length)
  return parts.join(by)
}

const every = (text: string, test: (char: string) => boolean): boolean => text !== '' && texts.points(text).every(test)

/** True when there are cased characters and all of them are of the one case. */
export function hasCase(text: string, upper: boolean): boolean {
  const chars = texts.points(text)
  const wanted = upper ? texts.isUpper : texts.isLower
  return chars.some(wanted) && chars.every((char) => wanted(char) || !texts.isCased(char))
}

function isTitled(text: string): boolean {
  let inWord = false
  let any = false
  for (const char of text) {
    if (texts.isUpper(char) || texts.isTitle(char)) {
      if (inWord) return false
      inWord = any = true
    } else if (texts.isLower(char)) {
      if (!inWord) return false
      any = true
    } else inWord = false
  }
  return any
}

const asList = (items: readonly string[]): PyList => new PyList([...items])

function counted(text: string): string {
  claimText(text.length)
  return text
}

const textMethods: Methods<string> = methods('str', {
  capitalize: (self) => counted(texts.capitalize(self)),
  casefold: (self) => counted(texts.caseFold(self)),
  'center width fillchar? /': (self, [width, fill]) => center(self, needIndex(width, 0), fillChar(fill)),
  'count sub start? end? /': (self, [part, start, end]) => {
    const { text, valid } = segment(self, start, end)
    const wanted = needText(part, (type) => `must be str, not ${type}`)
    return valid ? countIn(text, wanted) : 0
  },
  'encode encoding? errors?': (self, [encoding, errors]) => encode(self, encoding, errors),
  'endswith suffix start? end? /': (self, args) => hasEdge(self, args, 'endswith', false),
  'expandtabs tabsize?': (self, [size]) => expandTabs(self, needIndex(size, 8)),
  'find sub start? end? /': (self, args) => find(self, args, false),
  'index sub start? end? /': (self, args) => found(find(self, args, false)),
  isalnum: (self) => every(self, texts.isAlnum),
  isalpha: (self) => every(self, texts.isAlpha),
  isascii: (self) => /^[\x00-\x7f]*$/.test(self),
  isdecimal: (self) => every(self, texts.isDecimal),
  isdigit: (self) => every(self, texts.isDigit),
  isidentifier: (self) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(self),
  islower: (self) => hasCase(self, false),
  isnumeric: (self) => every(self, texts.isNumeric),
  isprintable: (self) => texts.points(self).every(texts.isPrintable),
  isspace: (self) => every(self, texts.isSpace),
  istitle: (self) => isTitled(self),
  isupper: (self) => hasCase(self, true),
  'join iterable /': (self, [items]) => {
    if (items === undefined || isObject(items) || textOf(items) !== undefined)
      return joinTexts(self, toArray(items as Py))
    throw typeError('can only join an iterable')
  },
  'ljust width fillchar? /': (self, [width, fill]) => self + fillChar(fill).repeat(padding(self, width)),
  lower: (self) => counted(self.toLowerCase()),
  'lstrip chars? /': (self, [chars]) => texts.stripStart(self, stripChars(chars, 'lstrip')),
  'maketrans x y? z? /': (_self, args) => makeTranslation(args),
  'partition sep /': (self, [by]) => partition(self, by, false),
  'removeprefix prefix /': (self, [prefix]) => {
    const text = needText(prefix, mustBe('removeprefix'))
    return self.startsWith(text) ? self.slice(text.length) : self
  },
  'removesuffix suffix /': (self, [suffix]) => {
    const text = needText(suffix, mustBe('removesuffix'))
    return text !== '' && self.endsWith(text) ? self.slice(0, -text.length) : self
  },
  'replace old new count?': (self, [old, fresh, count]) =>
    replaceText(self, needText(old, mustBe('replace')), needText(fresh, mustBe('replace')), needIndex(count, -1)),
  'rfind sub start? end? /': (self, args) => find(self, args, true),
  'rindex sub start? end? /': (self, args) => found(find(self, args, true)),
  'rjust width fillchar? /': (self, [width, fill]) => fillChar(fill).repeat(padding(self, width)) + self,
  'rpartition sep /': (self, [by]) => partition(self, by, true),
  'rsplit sep? maxsplit?': (self, [by, limit]) => asList(rsplitText(self, separator(by), needIndex(limit, -1))),
  'rstrip chars? /': (self, [chars]) => texts.stripEnd(self, stripChars(chars, 'rstrip')),
  'split sep? maxsplit?': (self, [by, limit]) => asList(splitText(self, separator(by), needIndex(limit, -1))),
  'splitlines keepends?': (self, [keep]) => asList(texts.splitLines(self, needIndex(keep, 0) !== 0)),
  'startswith prefix start? end? /': (self, args) => hasEdge(self, args, 'startswith', true),
  'strip chars? /': (self, [chars]) => {
    const set = stripChars(chars, 'strip')
    return texts.stripEnd(texts.stripStart(self, set), set)
  },
  swapcase: (self) => counted(texts.swapCase(self)),
  title: (self) => counted(texts.titleCase(self)),
  'translate table /': (self, [table]) => translate(self, table as Py),
  upper: (self) => counted(self.toUpperCase()),
  'zfill width /': (self, [width]) => zeroFill(self, width)
})

// Answers of these are str also for a Markup, or are no text at all.
const UNWRAPPED = new Set(['encode', 'maketrans'])
const ESCAPES_SECOND = new Set(['replace', 'ljust', 'rjust', 'center'])

function wrapMarkup(value: Py): Py {
  if (typeof value === 'string') return new Markup(value)
  if (value instanceof PyList) return new PyList(value.items.map(wrapMarkup))
  return value instanceof PyTuple ? new PyTuple(value.items.map(wrapMarkup)) : value
}

function markupMethod(self: Markup, name: string): PyFunction | undefined {
  const bare = (run: () => Py): PyFunction => new PyFunction(name, 'method', run, self)
  if (name === 'striptags') return bare(() => stripTags(self.text))
  if (name === 'unescape') return bare(() => unescapeHtml(self.text))
  if (name === 'escape') return new PyFunction(name, 'method', ([value]) => escapeValue(value ?? null), self)
  const plain = boundMethod(textMethods, self.text, name)
  if (plain === undefined || UNWRAPPED.has(name)) return plain
  return new PyFunction(
    name,
    'method',
    (args, kwargs) => {
      let given = args
      if (name === 'join' && args.length === 1) given = [new PyList(escapedItems(args[0] as Py))]
      else if (ESCAPES_SECOND.has(name) && args[1] !== undefined) {
        given = [args[0] as Py, escapeValue(args[1]).text, ...args.slice(2)]
      }
      return wrapMarkup(plain.call(given, kwargs))
    },
    self
  )
}

function escapedItems(items: Py): Py[] {
  const next = iterate(items)
  const escaped: Py[] = []
  for (let item = next(); item !== DONE; item = next()) escaped.push(escapeValue(item))
  return escaped
}

/** The method `name` of a str or Markup; format and format_map are formatter.ts's. */
export function textMethod(self: string | Markup, name: string): PyFunction | undefined {
  claimScan((self instanceof Markup ? self.text : self).length * 2)
  return typeof self === 'string' ? boundMethod(textMethods, self, name) : markupMethod(self, name)
}

export const textMethodNames: readonly string[] = [...textMethods.keys(), 'format', 'format_map']

/** Runs a str method on bytes seen as Latin-1; bytes answer bytes. */
export function bytesThroughText(text: string, name: string): PyFunction | undefined {
  return boundMethod(textMethods, text, name)
}
