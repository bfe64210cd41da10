// Objects that templates make or find: loop, macros, namespace, cycler, joiner, self.
import { same } from './compare.ts'
import { updateDict } from './collection-methods.ts'
import { PyError, typeError } from './errors.ts'
import { iterate, trySize } from './iterate.ts'
import { repr, str } from './repr.ts'
import {
  MISSING,
  type Activation,
  type BlockBody,
  type Context,
  type Slot,
  inFrames,
  markIf,
  Output
} from './runtime.ts'
import {
  DONE,
  PyDict,
  PyFunction,
  PySpecial,
  PyTuple,
  Undefined,
  type Call,
  type Kwargs,
  type Next,
  type Py
} from './values.ts'

/** Renders a recursive loop one level deeper. */
export type LoopRender = (items: Py, depth: number) => Py

export class LoopContext extends PySpecial {
  readonly typeName = 'LoopContext'
  readonly module = 'jinja2.runtime'
  override readonly hidden = [
    '_after',
    '_before',
    '_current',
    '_iterable',
    '_iterator',
    '_last_changed_value',
    '_length',
    '_peek_next',
    '_recurse',
    '_to_iterator',
    '_undefined',
    '__iter__',
    '__next__',
    '__len__',
    '__call__'
  ]
  index0 = -1
  readonly #iterable: Py
  #next: Next
  #length: number | null = null
  #after: Py | typeof DONE | typeof MISSING = MISSING
  #current: Slot = MISSING
  #before: Slot = MISSING
  #changed: readonly Py[] | null = null
  readonly #recurse: LoopRender | null
  readonly #depth0: number
  constructor(iterable: Py, recurse: LoopRender | null, depth0: number) {
    super()
    this.#iterable = iterable
    this.#next = iterate(iterable)
    this.#recurse = recurse
    this.#depth0 = depth0
    this.call = ([items]) => {
      if (this.#recurse === null) {
        throw typeError("The loop must have the 'recursive' marker to be called recursively.")
      }
      if (items === undefined)
        throw typeError("LoopContext.__call__() missing 1 required positional argument: 'iterable'")
      return this.#recurse(items, this.#depth0 + 1)
    }
  }
  advance(): Py | typeof DONE {
    let item: Py | typeof DONE
    if (this.#after === MISSING || this.#after === DONE) item = this.#next()
    else item = this.#after
    this.#after = MISSING
    if (item === DONE) return DONE
    this.index0++
    this.#before = this.#current
    this.#current = item
    return item
  }
  #peek(): Py | typeof DONE {
    if (this.#after === MISSING || this.#after === DONE) this.#after = this.#next()
    return this.#after
  }
  get length(): number {
    if (this.#length !== null) return this.#length
    const known = trySize(this.#iterable)
    if (known !== undefined) this.#length = known
    else {
      // Jinja reads a generator to its end to count it, and goes on over what it kept.
      const rest: Py[] = []
      for (let item = this.#next(); item !== DONE; item = this.#next()) rest.push(item)
      let at = 0
      this.#next = () => (at < rest.length ? (rest[at++] as Py) : DONE)
      const ahead = this.#after === MISSING || this.#after === DONE ? 0 : 1
      this.#length = rest.length + this.index0 + 1 + ahead
    }
    return this.#length
  }
  override size(): number {
    return this.length
  }
  override iterate(): Next {
    return () => {
      const item = this.advance()
      return item === DONE ? DONE : new PyTuple([item, this])
    }
  }
  attribute(name: string): Py | undefined {
    switch (name) {
      case 'index':
        return this.index0 + 1
      case 'index0':
        return this.index0
      case 'first':
        return this.index0 === 0
      case 'last':
        return this.#peek() === DONE
      case 'length':
        return this.length
      case 'revindex':
        return this.length - this.index0
      case 'revindex0':
        return this.length - this.index0 - 1
      case 'depth':
        return this.#depth0 + 1
      case 'depth0':
        return this.#depth0
      case 'previtem':
        if (this.index0 === 0 || this.#before === MISSING)
          return new Undefined(null, undefined, 'there is no previous item')
        return this.#before
      case 'nextitem': {
        const item = this.#peek()
        return item === DONE ? new Undefined(null, undefined, 'there is no next item') : item
      }
      case 'cycle':
      case 'changed':
        return new PyFunction(name, 'method', name === 'cycle' ? this.#cycle : this.#hasChanged, this)
      default:
        return undefined
    }
  }
  readonly #cycle: Call = (args) => {
    if (args.length === 0) throw typeError('no items for cycling given')
    return args[this.index0 % args.length] as Py
  }
  readonly #hasChanged: Call = (args) => {
    const last = this.#changed
    if (last !== null && last.length === args.length && last.every((item, index) => same(item, args[index] as Py))) {
      return false
    }
    this.#changed = args
    return true
  }
  repr(): string {
    return `<LoopContext ${this.index0 + 1}/${this.length}>`
  }
}

export interface MacroShape {
  readonly name: string | null
  readonly params: readonly string[]
  readonly catchKwargs: boolean
  readonly catchVarargs: boolean
  readonly caller: boolean
}

// Frames that Python spends on one call of a macro, found by how deep a recursive one gets before RecursionError.
const MACRO_FRAMES = 5

export class Macro extends PySpecial {
  readonly typeName = 'Macro'
  readonly module = 'jinja2.runtime'
  override readonly hidden = [
    '_argument_count',
    '_async_invoke',
    '_default_autoescape',
    '_environment',
    '_func',
    '_invoke',
    '__call__'
  ]
  readonly shape: MacroShape
  /** Runs the body with values for params, then caller, kwargs, varargs as far as the macro uses them. */
  constructor(
    shape: MacroShape,
    run: (values: readonly Slot[]) => { text: string; activation: Activation },
    definedIn: Context
  ) {
    super()
    this.shape = shape
    this.call = (args, kwargs) => markIf(definedIn.autoescape, run(this.#arrange(args, kwargs)).text)
  }
  #arrange(args: readonly Py[], given: Kwargs): Slot[] {
    const { name, params, catchKwargs, catchVarargs, caller } = this.shape
    const kwargs = new Map(given)
    const values: Slot[] = args.slice(0, params.length)
    let foundCaller = values.length === params.length ? params.includes('caller') : false
    for (const param of params.slice(values.length)) {
      const value = kwargs.get(param)
      values.push(value === undefined ? MISSING : value)
      kwargs.delete(param)
      if (param === 'caller') foundCaller = true
    }
    if (caller && !foundCaller) {
      const block = kwargs.get('caller') ?? null
      kwargs.delete('caller')
      values.push(block === null ? new Undefined('caller', undefined, 'No caller defined') : block)
    }
    const shown = name === null ? 'None' : repr(name)
    if (catchKwargs) values.push(dictOf(kwargs))
    else if (kwargs.size > 0) {
      if (kwargs.has('caller')) {
        throw typeError(
          `macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`
        )
      }
      throw typeError(`macro ${shown} takes no keyword argument ${repr([...kwargs.keys()][0] as string)}`)
    }
    if (catchVarargs) values.push(new PyTuple(args.slice(params.length)))
    else if (args.length > params.length) {
      throw typeError(`macro ${shown} takes not more than ${params.length} argument(s)`)
    }
    return values
  }
  attribute(name: string): Py | undefined {
    switch (name) {
      case 'name':
        return this.shape.name
      case 'arguments':
        return new PyTuple(this.shape.params)
      case 'catch_kwargs':
        return this.shape.catchKwargs
      case 'catch_varargs':
        return this.shape.catchVarargs
      case 'caller':
        return this.shape.caller
      case 'explicit_caller':
        return this.shape.params.includes('caller')
      default:
        return undefined
    }
  }
  repr(): string {
    return `<Macro ${this.shape.name === null ? 'anonymous' : repr(this.shape.name)}>`
  }
}

export const macroFrames = MACRO_FRAMES

export function dictOf(entries: Kwargs): PyDict {
  const dict = new PyDict()
  for (const [key, value] of entries) dict.set(key, key, value)
  return dict
}

export class Namespace extends PySpecial {
  readonly typeName = 'Namespace'
  readonly module = 'jinja2.utils'
  override readonly hidden = ['_Namespace__attrs']
  readonly values = new PyDict()
  constructor(args: readonly Py[], kwargs: Kwargs) {
    super()
    updateDict(this.values, args, kwargs, 'dict')
  }
  attribute(name: string): Py | undefined {
    return this.values.text(name)
  }
  set(name: string, value: Py): void {
    this.values.set(name, name, value)
  }
  repr(): string {
    return `<Namespace ${repr(this.values)}>`
  }
}

export class Cycler extends PySpecial {
  readonly typeName = 'Cycler'
  readonly module = 'jinja2.utils'
  override readonly hidden = ['__next__']
  readonly #items: readonly Py[]
  #at = 0
  constructor(items: readonly Py[]) {
    super()
    if (items.length === 0) throw new PyError('RuntimeError', 'at least one item has to be provided')
    this.#items = items
  }
  attribute(name: string): Py | undefined {
    switch (name) {
      case 'items':
        return new PyTuple(this.#items)
      case 'pos':
        return this.#at
      case 'current':
        return this.#items[this.#at]
      case 'next':
        return new PyFunction(
          name,
          'method',
          () => {
            const item = this.#items[this.#at] as Py
            this.#at = (this.#at + 1) % this.#items.length
            return item
          },
          this
        )
      case 'reset':
        return new PyFunction(
          name,
          'method',
          () => {
            this.#at = 0
            return null
          },
          this
        )
      default:
        return undefined
    }
  }
  repr(): string {
    return '<jinja2.utils.Cycler object at 0x7f0000000000>'
  }
}

export class Joiner extends PySpecial {
  readonly typeName = 'Joiner'
  readonly module = 'jinja2.utils'
  override readonly hidden = ['__call__']
  readonly #separator: Py
  #used = false
  constructor(separator: Py) {
    super()
    this.#separator = separator
    this.call = (args, kwargs) => {
      if (args.length + kwargs.size > 0) {
        throw typeError(`Joiner.__call__() takes 1 positional argument but ${args.length + 1} were given`)
      }
      if (this.#used) return this.#separator
      this.#used = true
      return ''
    }
  }
  attribute(name: string): Py | undefined {
    if (name === 'sep') return this.#separator
    return name === 'used' ? this.#used : undefined
  }
  repr(): string {
    return '<jinja2.utils.Joiner object at 0x7f0000000000>'
  }
}

/** `self`, whose items are the blocks of the template. */
export class TemplateReference extends PySpecial {
  readonly typeName = 'TemplateReference'
  readonly module = 'jinja2.runtime'
  override readonly hidden = ['_TemplateReference__context', '__getitem__']
  readonly #activation: Activation
  constructor(activation: Activation) {
    super()
    this.#activation = activation
  }
  attribute(): undefined {
    return undefined
  }
  override item(key: Py): Py | undefined {
    const name = typeof key === 'string' ? key : str(key)
    const body = this.#activation.context.blocks.get(name)
    return body === undefined ? undefined : new BlockReference(name, body, this.#activation)
  }
  repr(): string {
    return '<TemplateReference None>'
  }
}

export class BlockReference extends PySpecial {
  readonly typeName = 'BlockReference'
  readonly module = 'jinja2.runtime'
  override readonly hidden = ['_async_call', '_context', '_depth', '_stack', '__call__']
  readonly #name: string
  constructor(name: string, body: BlockBody, activation: Activation) {
    super()
    this.#name = name
    this.call = () => {
      const output = new Output()
      inFrames(MACRO_FRAMES, activation, () => body(activation.context, output))
      return markIf(activation.context.autoescape, output.text())
    }
  }
  attribute(name: string): Py | undefined {
    if (name === 'name') return this.#name
    return name === 'super' ? noParentBlock(this.#name) : undefined
  }
  repr(): string {
    return '<jinja2.runtime.BlockReference object at 0x7f0000000000>'
  }
}

export function noParentBlock(name: string): Undefined {
  return new Undefined('super', undefined, `there is no parent block called ${repr(name)}.`)
}
