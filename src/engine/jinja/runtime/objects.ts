// Objects that templates make or find: loop, macros, namespace, cycler, joiner, self.
import { updateDict } from '../python/collection-methods.ts'
import { PyError, typeError } from '../python/errors.ts'
import { MACRO_FRAMES } from './macro.ts'
import { repr, str } from '../python/repr.ts'
import { type Activation, type BlockBody, inFrames, markIf, Output } from './runtime.ts'
import { PyDict, PyFunction, PySpecial, PyTuple, Undefined, type Kwargs, type Py } from '../python/values.ts'

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

class BlockReference extends PySpecial {
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
