// A syntax tree as a program for the backtracking machine (machine.ts).
import { append } from '../../../contract/lists.ts'
import { PatternError } from './ast.ts'
import type { Assertion, GroupRef, Node, Pattern, RepeatMode } from './ast.ts'
import { buildSet, holds } from './char-set.ts'
import type { CharSet } from './char-set.ts'

export const Op = {
  set: 0,
  loop: 1,
  split: 2,
  jump: 3,
  save: 4,
  assert: 5,
  look: 6,
  atomic: 7,
  mark: 8,
  progress: 9,
  back: 10,
  call: 11,
  ifGroup: 12,
  fail: 13,
  match: 14
} as const

export type Instruction =
  | { readonly op: typeof Op.set; readonly set: CharSet }
  /** One set, repeated. `memo`: see Program.memos. */
  | {
      readonly op: typeof Op.loop
      readonly set: CharSet
      readonly min: number
      readonly max: number
      readonly mode: RepeatMode
      readonly memo: number
    }
  | { readonly op: typeof Op.split; first: number; second: number; readonly memo: number }
  | { readonly op: typeof Op.jump; to: number }
  | { readonly op: typeof Op.save; readonly slot: number }
  | { readonly op: typeof Op.assert; readonly what: Assertion; readonly unicode: boolean }
  | {
      readonly op: typeof Op.look
      readonly lengths: readonly number[] | null
      readonly negative: boolean
      bodies: readonly number[]
      next: number
    }
  | { readonly op: typeof Op.atomic; body: number; next: number }
  | { readonly op: typeof Op.mark; readonly register: number }
  /** Leaves a loop whose last round consumed nothing. */
  | { readonly op: typeof Op.progress; readonly register: number; exit: number }
  | { readonly op: typeof Op.back; readonly groups: readonly number[]; readonly ignoreCase: boolean }
  | { readonly op: typeof Op.call; readonly group: number; body: number }
  | { readonly op: typeof Op.ifGroup; readonly groups: readonly number[]; no: number }
  | { readonly op: typeof Op.fail | typeof Op.match }

export interface Program {
  readonly code: readonly Instruction[]
  readonly groups: number
  readonly names: ReadonlyMap<string, readonly number[]>
  readonly registers: number
  /** Places where a (place, position) pair that failed once need not be tried again; 0 when what matches depends on groups. */
  readonly memos: number
  /** The characters that a match can start with, or null. */
  readonly first: CharSet | null
  /** A match can only start at the beginning of the subject. */
  readonly anchored: boolean
}

const maxLength = 60000

interface Builder {
  readonly code: Instruction[]
  readonly pattern: Pattern
  registers: number
  memos: number
  dependsOnGroups: boolean
  /** Where the bodies of called groups start, and the groups whose bodies are still to be written. */
  readonly calls: { readonly group: number; readonly at: number }[]
}

/** Compiles a pattern. Throws PatternError when it is too large or uses a lookbehind without a fixed length. */
export const buildProgram = (pattern: Pattern): Program => {
  const builder: Builder = { code: [], pattern, registers: 0, memos: 0, dependsOnGroups: false, calls: [] }
  emit(pattern.root, builder)
  push({ op: Op.match }, builder)
  emitCalled(builder)
  return {
    code: builder.code,
    groups: pattern.groups,
    names: pattern.names,
    registers: builder.registers,
    memos: builder.dependsOnGroups ? 0 : builder.memos,
    first: firstSet(pattern.root),
    anchored: startsAnchored(pattern.root)
  }
}

const push = (instruction: Instruction, { code }: Builder): number => {
  if (code.length >= maxLength) throw new PatternError('regular expression is too large')
  return code.push(instruction) - 1
}

const emitCalled = (builder: Builder): void => {
  const bodies = new Map<number, number>()
  for (let i = 0; i < builder.calls.length; i++) {
    const { group, at } = builder.calls[i] as { group: number; at: number }
    const call = builder.code[at] as Extract<Instruction, { op: typeof Op.call }>
    if (!bodies.has(group)) {
      bodies.set(group, builder.code.length)
      emit(group === 0 ? builder.pattern.root : findGroup(builder.pattern.root, group), builder)
      push({ op: Op.match }, builder)
    }
    call.body = bodies.get(group) as number
  }
}

const childrenOf = (node: Node): readonly Node[] => {
  if ('items' in node) return node.items
  if ('item' in node) return [node.item]
  return node.type === 'condition'
    ? [...(typeof node.test === 'object' && 'type' in node.test ? [node.test] : []), node.yes, node.no]
    : []
}

const findGroup = (node: Node, index: number): Node => {
  const pending: Node[] = [node]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.type === 'capture' && next.index === index) return next
    append(pending, childrenOf(next))
  }
  throw new PatternError('reference to non-existent subpattern')
}

const numbersOf = (ref: GroupRef, { pattern }: Builder): readonly number[] =>
  'name' in ref ? (pattern.names.get(ref.name) ?? []) : [ref.number]

const emit = (node: Node, builder: Builder): void => {
  switch (node.type) {
    case 'empty':
      return
    case 'fail':
      return void push({ op: Op.fail }, builder)
    case 'keep':
      return void push({ op: Op.save, slot: 0 }, builder)
    case 'set':
      return void push({ op: Op.set, set: node.set }, builder)
    case 'sequence':
      return node.items.forEach((item) => emit(item, builder))
    case 'choice':
      return emitChoice(node.items, builder)
    case 'capture':
      push({ op: Op.save, slot: node.index * 2 }, builder)
      emit(node.item, builder)
      return void push({ op: Op.save, slot: node.index * 2 + 1 }, builder)
    case 'atomic':
      return emitAtomic(node.item, builder)
    case 'look':
      return emitLook(node, builder)
    case 'repeat':
      return emitRepeat(node, builder)
    case 'assert':
      return void push({ op: Op.assert, what: node.what, unicode: node.unicode }, builder)
    case 'backreference':
      builder.dependsOnGroups = true
      return void push({ op: Op.back, groups: numbersOf(node.group, builder), ignoreCase: node.ignoreCase }, builder)
    case 'call': {
      const group = numbersOf(node.group, builder)[0] as number
      const at = push({ op: Op.call, group, body: -1 }, builder)
      builder.calls.push({ group, at })
      return
    }
    case 'condition':
      return emitCondition(node, builder)
  }
}

const emitChoice = (items: readonly Node[], builder: Builder): void => {
  const jumps: Extract<Instruction, { op: typeof Op.jump }>[] = []
  items.forEach((item, i) => {
    if (i === items.length - 1) return emit(item, builder)
    const split = { op: Op.split, first: builder.code.length + 1, second: -1, memo: builder.memos++ }
    push(split, builder)
    emit(item, builder)
    const jump = { op: Op.jump, to: -1 }
    push(jump, builder)
    jumps.push(jump)
    split.second = builder.code.length
  })
  for (const jump of jumps) jump.to = builder.code.length
}

const emitAtomic = (item: Node, builder: Builder): void => {
  const atomic = { op: Op.atomic, body: builder.code.length + 1, next: -1 }
  push(atomic, builder)
  emit(item, builder)
  push({ op: Op.match }, builder)
  atomic.next = builder.code.length
}

const emitLook = (node: Extract<Node, { type: 'look' }>, builder: Builder): void => {
  const alternatives = node.behind && node.item.type === 'choice' ? node.item.items : [node.item]
  const lengths = node.behind ? alternatives.map(fixedLength) : null
  const bodies: number[] = []
  const look = { op: Op.look, lengths, negative: node.negative, bodies, next: -1 }
  push(look, builder)
  for (const alternative of alternatives) {
    bodies.push(builder.code.length)
    emit(alternative, builder)
    push({ op: Op.match }, builder)
  }
  look.next = builder.code.length
}

const fixedLength = (node: Node): number => {
  switch (node.type) {
    case 'set':
      return 1
    case 'sequence':
      return node.items.reduce((sum, item) => sum + fixedLength(item), 0)
    case 'choice': {
      const lengths = node.items.map(fixedLength)
      if (lengths.some((length) => length !== lengths[0])) throw notFixed()
      return lengths[0] ?? 0
    }
    case 'capture':
    case 'atomic':
      return fixedLength(node.item)
    case 'repeat':
      if (node.min !== node.max) throw notFixed()
      return node.min * fixedLength(node.item)
    case 'backreference':
    case 'call':
    case 'condition':
      throw notFixed()
    default:
      return 0
  }
}
const notFixed = (): PatternError => new PatternError('lookbehind assertion is not fixed length')

const emitRepeat = (node: Extract<Node, { type: 'repeat' }>, builder: Builder): void => {
  const { item, min, max, mode } = node
  if (item.type === 'set') {
    // Two places: inside the loop and behind it.
    const memo = builder.memos
    builder.memos += 2
    return void push({ op: Op.loop, set: item.set, min, max, mode, memo }, builder)
  }
  if (mode === 'possessive') return emitAtomic({ ...node, mode: 'greedy' }, builder)
  for (let i = 0; i < min; i++) emit(item, builder)
  if (max === Infinity) return emitStar(item, mode === 'lazy', builder)
  const splits: { first: number; second: number }[] = []
  for (let i = min; i < max; i++) {
    splits.push(pushSplit(mode === 'lazy', builder))
    emit(item, builder)
  }
  for (const split of splits) setExit(split, builder.code.length, mode === 'lazy')
}

const pushSplit = (lazy: boolean, builder: Builder): { first: number; second: number } => {
  const next = builder.code.length + 1
  const split = { op: Op.split, first: lazy ? -1 : next, second: lazy ? next : -1, memo: builder.memos++ }
  push(split, builder)
  return split
}

const setExit = (split: { first: number; second: number }, exit: number, lazy: boolean): void => {
  if (lazy) split.first = exit
  else split.second = exit
}

const emitStar = (item: Node, lazy: boolean, builder: Builder): void => {
  const head = builder.code.length
  const split = pushSplit(lazy, builder)
  const register = builder.registers++
  push({ op: Op.mark, register }, builder)
  emit(item, builder)
  const progress = { op: Op.progress, register, exit: -1 }
  push(progress, builder)
  push({ op: Op.jump, to: head }, builder)
  progress.exit = builder.code.length
  setExit(split, builder.code.length, lazy)
}

const emitCondition = (node: Extract<Node, { type: 'condition' }>, builder: Builder): void => {
  if (node.test === 'define') {
    // The branch is only there to be called.
    const jump = { op: Op.jump, to: -1 }
    push(jump, builder)
    emit(node.yes, builder)
    jump.to = builder.code.length
    return
  }
  builder.dependsOnGroups = true
  if ('type' in node.test) {
    const not: Node = node.test.type === 'look' ? { ...node.test, negative: !node.test.negative } : node.test
    const branches: Node[] = [
      { type: 'sequence', items: [node.test, node.yes] },
      { type: 'sequence', items: [not, node.no] }
    ]
    return emitChoice(branches, builder)
  }
  const test = { op: Op.ifGroup, groups: numbersOf(node.test, builder), no: -1 }
  push(test, builder)
  emit(node.yes, builder)
  const jump = { op: Op.jump, to: -1 }
  push(jump, builder)
  test.no = builder.code.length
  emit(node.no, builder)
  jump.to = builder.code.length
}

const firstSet = (node: Node): CharSet | null => {
  switch (node.type) {
    case 'set':
      return node.set
    case 'sequence': {
      const item = node.items.find(
        (each) => each.type !== 'assert' && each.type !== 'look' && each.type !== 'keep' && each.type !== 'empty'
      )
      return item ? firstSet(item) : null
    }
    case 'choice': {
      const sets = node.items.map(firstSet)
      if (sets.some((set) => set === null)) return null
      return buildSet((code) => sets.some((set) => set !== null && holds(set, code)))
    }
    case 'capture':
    case 'atomic':
      return firstSet(node.item)
    case 'repeat':
      return node.min > 0 ? firstSet(node.item) : null
    default:
      return null
  }
}

const startsAnchored = (node: Node): boolean => {
  if (node.type === 'assert') return node.what === 'start' || node.what === 'match start'
  if (node.type === 'sequence') return node.items.length > 0 && startsAnchored(node.items[0] as Node)
  if (node.type === 'choice') return node.items.every(startsAnchored)
  return (node.type === 'capture' || node.type === 'atomic') && startsAnchored(node.item)
}
