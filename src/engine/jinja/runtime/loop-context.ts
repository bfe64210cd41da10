// `loop`: where a loop stands, and what it can look at before and after.
import { same } from '../python/compare.ts'
import { typeError } from '../python/errors.ts'
import { iterate, trySize } from '../python/iterate.ts'
import { MISSING, type Slot } from './runtime.ts'
import { DONE, PyFunction, PySpecial, PyTuple, Undefined, type Call, type Next, type Py } from '../python/values.ts'

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
