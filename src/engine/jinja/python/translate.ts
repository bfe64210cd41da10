// str.translate and str.maketrans.
import { typeError, valueError } from './errors.ts'
import { PyDict, isObject, textOf, type Py } from './values.ts'
import { claimText } from './limits.ts'
import { needText } from './methods.ts'
import { asInt } from './numbers.ts'
import { trySubscript } from './subscript.ts'
import * as texts from './text.ts'

export function translate(text: string, table: Py): string {
  let result = ''
  for (const char of text) {
    const found = trySubscript(table, char.codePointAt(0) as number)
    if (found === undefined) result += char
    else if (found !== null) result += translated(found)
  }
  claimText(result.length)
  return result
}

function translated(value: Py): string {
  const text = textOf(value)
  if (text !== undefined) return text
  const code = asInt(value)
  if (code === undefined) throw typeError('character mapping must return integer, None or str')
  if (code < 0 || code > 0x10ffff) throw valueError('character mapping must be in range(0x110000)')
  return String.fromCodePoint(Number(code))
}

export function makeTranslation(args: readonly (Py | undefined)[]): Py {
  const table = new PyDict()
  const [first, second, third] = args
  if (second === undefined) {
    if (!isObject(first as Py) || !(first instanceof PyDict)) {
      throw typeError('if you give only one argument to maketrans it must be a dict')
    }
    const values = first.values()
    first.keys().forEach((key, index) => {
      const text = textOf(key)
      if (text !== undefined && texts.lengthOf(text) !== 1) {
        throw valueError('string keys in translate table must be of length 1')
      }
      const code = text === undefined ? asInt(key) : (text.codePointAt(0) as number)
      if (code === undefined) throw typeError('keys in translate table must be strings or integers')
      table.set(code, code, values[index] as Py)
    })
    return table
  }
  const from = texts.points(
    needText(first, (type) => `first maketrans argument must be a string if there is a second argument, not ${type}`)
  )
  const to = texts.points(needText(second, (type) => `maketrans() argument 2 must be str, not ${type}`))
  if (from.length !== to.length) {
    throw valueError('the first two maketrans arguments must have equal length')
  }
  from.forEach((char, index) => {
    const code = char.codePointAt(0) as number
    table.set(code, code, (to[index] as string).codePointAt(0) as number)
  })
  if (third !== undefined) {
    for (const char of needText(third, (type) => `maketrans() argument 3 must be str, not ${type}`)) {
      const code = char.codePointAt(0) as number
      table.set(code, code, null)
    }
  }
  return table
}
