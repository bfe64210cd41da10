// Attributes of int, bool and float.
import { PyError, typeError, valueError } from './errors.ts'
import { asInt, bitLength, floatToInt, parseFloating } from './numbers.ts'
import { PyBytes, PyFloat, PyFunction, PyTuple, normalInt, textOf, typeName, type Kwargs, type Py } from './values.ts'

function ratioOf(value: number): PyTuple {
  if (!Number.isFinite(value)) {
    const what = Number.isNaN(value) ? 'NaN' : 'Infinity'
    throw new PyError(Number.isNaN(value) ? 'ValueError' : 'OverflowError', `cannot convert ${what} to integer ratio`)
  }
  let numerator = value
  let denominator = 1n
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  return new PyTuple([floatToInt(numerator), normalInt(denominator)])
}

function hexOf(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (value === 0) return `${sign}0x0.0p+0`
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n)
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0')
  const exponent = biased === 0 ? -1022 : biased - 1023
  return `${sign}0x${biased === 0 ? 0 : 1}.${fraction}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

const builtin = (name: string, owner: Py, run: (args: readonly Py[], kwargs: Kwargs) => Py): PyFunction =>
  new PyFunction(name, 'builtin_function_or_method', run, owner)

const noArguments = (name: string, owner: Py, type: string, run: () => Py): PyFunction =>
  builtin(name, owner, (args, kwargs) => {
    if (args.length + kwargs.size > 0) throw typeError(`${type}.${name}() takes no arguments (${args.length} given)`)
    return run()
  })

function floatAttribute(value: number, name: string, owner: PyFloat): Py | undefined {
  switch (name) {
    case 'real':
      return owner
    case 'imag':
      return new PyFloat(0)
    case 'conjugate':
      return noArguments(name, owner, 'float', () => owner)
    case 'is_integer':
      return noArguments(name, owner, 'float', () => Number.isInteger(value))
    case 'as_integer_ratio':
      return noArguments(name, owner, 'float', () => ratioOf(value))
    case 'hex':
      return noArguments(name, owner, 'float', () => hexOf(value))
    case 'fromhex':
      return builtin(name, owner, ([text]) => new PyFloat(parseFloating(textOf(text ?? null) ?? '', 'text')))
    default:
      return undefined
  }
}

function toBytes(value: bigint, args: readonly Py[], kwargs: Kwargs): PyBytes {
  const length = Number(asInt(args[0] ?? kwargs.get('length') ?? 1) ?? 1)
  const order = textOf(args[1] ?? kwargs.get('byteorder') ?? 'big')
  const signed = kwargs.get('signed') === true
  if (length < 0) throw valueError('length argument must be non-negative')
  if (value < 0n && !signed) throw new PyError('OverflowError', "can't convert negative int to unsigned")
  if (length > 1_000_000 || bitLength(value) + (signed ? 1 : 0) > length * 8) {
    throw new PyError('OverflowError', 'int too big to convert')
  }
  let rest = BigInt.asUintN(length * 8, value)
  const data = new Uint8Array(length)
  for (let index = length - 1; index >= 0; index--) {
    data[index] = Number(rest & 255n)
    rest >>= 8n
  }
  return new PyBytes(order === 'little' ? data.reverse() : data)
}

function intAttribute(value: number | bigint, name: string, owner: Py): Py | undefined {
  const big = BigInt(value)
  switch (name) {
    case 'real':
    case 'numerator':
      return value
    case 'imag':
      return 0
    case 'denominator':
      return 1
    case 'conjugate':
      return noArguments(name, owner, 'int', () => value)
    case 'is_integer':
      return noArguments(name, owner, 'int', () => true)
    case 'bit_length':
      return noArguments(name, owner, 'int', () => bitLength(big))
    case 'bit_count':
      return noArguments(name, owner, 'int', () => (big < 0n ? -big : big).toString(2).replace(/0/g, '').length)
    case 'as_integer_ratio':
      return noArguments(name, owner, 'int', () => new PyTuple([value, 1]))
    case 'to_bytes':
      return builtin(name, owner, (args, kwargs) => toBytes(big, args, kwargs))
    case 'from_bytes':
      return builtin(name, owner, (args, kwargs) => fromBytes(args, kwargs))
    default:
      return undefined
  }
}

function fromBytes(args: readonly Py[], kwargs: Kwargs): Py {
  const source = args[0] ?? kwargs.get('bytes') ?? null
  if (!(source instanceof PyBytes)) throw typeError(`cannot convert '${typeName(source)}' object to bytes`)
  const little = textOf(args[1] ?? kwargs.get('byteorder') ?? 'big') === 'little'
  const data = little ? Array.from(source.data).reverse() : Array.from(source.data)
  const value = data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return normalInt(kwargs.get('signed') === true ? BigInt.asIntN(data.length * 8, value) : value)
}

/** The attribute `name` of a number, or undefined. */
export function numberAttribute(value: number | bigint | boolean | PyFloat, name: string): Py | undefined {
  if (value instanceof PyFloat) return floatAttribute(value.value, name, value)
  return intAttribute(typeof value === 'boolean' ? Number(value) : value, name, value)
}
