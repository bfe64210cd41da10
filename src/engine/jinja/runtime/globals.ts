// The global names of a sandboxed environment: range, dict, lipsum, cycler, joiner, namespace.
import { dictClass } from '../python/collection-methods.ts'
import { truth } from '../python/compare.ts'
import { overflowError, typeError, valueError } from '../python/errors.ts'
import { KEPT_STEPS, claimItems, tick } from '../python/limits.ts'
import { asInt } from '../python/numbers.ts'
import { Cycler, Joiner, Namespace } from './objects.ts'
import { bind, signature } from '../python/signature.ts'
import { Markup, PyFunction, PyRange, typeName, type Kwargs, type Py } from '../python/values.ts'

const MAX_RANGE = 100000

function rangeArgument(value: Py): number {
  const int = asInt(value)
  if (int === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  return Number(int)
}

function makeRange(args: readonly Py[], kwargs: Kwargs): Py {
  if (kwargs.size > 0)
    throw typeError(`safe_range() got an unexpected keyword argument '${[...kwargs.keys()][0] as string}'`)
  if (args.length === 0) throw typeError('range expected at least 1 argument, got 0')
  if (args.length > 3) throw typeError(`range expected at most 3 arguments, got ${args.length}`)
  const [first, second, third] = args.map(rangeArgument) as [number, number?, number?]
  if (third === 0) throw valueError('range() arg 3 must not be zero')
  const range = second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, third ?? 1)
  if (range.length > MAX_RANGE) {
    throw overflowError(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`)
  }
  return range
}

const WORDS =
  `lorem ipsum dolor sit amet consectetuer adipiscing elit sed diam nonummy nibh euismod tincidunt ut laoreet
  magna aliquam erat volutpat`.split(/\s+/)

const LIPSUM = signature('generate_lorem_ipsum', 'n? html? min? max?')

// Python's words are drawn at random; these always come in the same order, so that a preview stays still.
function lipsum(args: readonly Py[], kwargs: Kwargs): Py {
  const [count, html, low, high] = bind(LIPSUM, args, kwargs)
  const paragraphs = rangeArgument(count ?? 5)
  const from = rangeArgument(low ?? 20)
  const to = rangeArgument(high ?? 100)
  if (to <= from && paragraphs > 0) throw valueError(`empty range for randrange() (${from}, ${to}, ${to - from})`)
  const length = Math.floor((from + to) / 2)
  const result: string[] = []
  for (let paragraph = 0; paragraph < paragraphs; paragraph++) {
    tick(length * KEPT_STEPS)
    claimItems(length)
    const words = Array.from({ length }, (_, index) => WORDS[(index + paragraph * 7) % WORDS.length] as string)
    const text = words.join(' ')
    result.push(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
  }
  if (!truth(html ?? true)) return result.join('\n\n')
  return new Markup(result.map((text) => `<p>${text}</p>`).join('\n'))
}

const named = (name: string, typeName: 'function' | 'type', call: PyFunction['call']): PyFunction =>
  new PyFunction(name, typeName, call)

export const globals: ReadonlyMap<string, Py> = new Map<string, Py>([
  ['range', named('safe_range', 'function', makeRange)],
  ['dict', dictClass()],
  ['lipsum', named('generate_lorem_ipsum', 'function', lipsum)],
  [
    'cycler',
    named('jinja2.utils.Cycler', 'type', (args, kwargs) => {
      if (kwargs.size > 0)
        throw typeError(`Cycler.__init__() got an unexpected keyword argument '${[...kwargs.keys()][0] as string}'`)
      return new Cycler(args)
    })
  ],
  [
    'joiner',
    named('jinja2.utils.Joiner', 'type', (args, kwargs) => {
      const [separator] = bind(signature('Joiner.__init__', 'sep?'), args, kwargs)
      return new Joiner(separator === undefined ? ', ' : separator)
    })
  ],
  ['namespace', named('jinja2.utils.Namespace', 'type', (args, kwargs) => new Namespace(args, kwargs))]
])
