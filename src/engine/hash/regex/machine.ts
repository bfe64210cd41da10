// The backtracking machine. It keeps its own stack, so no subject is too long for it; every step is paid from a budget, so no
// pattern runs for ever; and where the result cannot depend on groups, a place that failed at a position is not tried there
// again, which makes the usual "catastrophic" patterns linear.
import { holds, wordTest, caseVariants } from './char-set.ts'
import { Op } from './program.ts'
import type { Instruction, Program } from './program.ts'

/** Steps that may still be used, shared by all matches of one operation. */
export interface Budget {
  steps: number
}

/** Steps of one match. PCRE's own limit in PHP (pcre.backtrack_limit) is a million; with memory for failures more is affordable. */
const stepsPerMatch = 1_000_000
const stepsPerMatchWithMemo = 8_000_000
const stepsPerCharacter = 40
const memoAfter = 64
const memoBits = 64_000_000
const maxStack = 16_000_000
const maxNesting = 150

export class TooComplex extends Error {
  override readonly name = 'TooComplex'
}

export interface Subject {
  readonly codes: ArrayLike<number>
  readonly length: number
}

interface Machine {
  readonly program: Program
  readonly subject: Subject
  readonly slots: Int32Array
  readonly registers: Int32Array
  readonly stack: number[]
  readonly budget: Budget
  readonly limit: number
  steps: number
  depth: number
  memo: Uint8Array | null
  memoOff: boolean
}

// Kinds of stack entries; each entry is [a, b, c, kind].
const branch = 0
const restoreSlot = 1
const restoreRegister = 2
const greedyLoop = 3
const lazyLoop = 4

/** Finds the first match: start and end of every group (-1 when it took no part), or null. Throws TooComplex. */
export const search = (program: Program, subject: Subject, budget: Budget, anchored: boolean): Int32Array | null => {
  const limit = program.memos > 0 ? stepsPerMatchWithMemo + stepsPerCharacter * subject.length : stepsPerMatch
  const places = anchored || program.anchored ? 1 : subject.length + 1
  // Most texts have no place at which a match could begin: a machine is made only for those that do.
  const from = nextStart(program, subject, 0, places)
  if (from === places || from > limit) {
    budget.steps -= Math.min(from, limit + 1)
    if (from > limit) throw new TooComplex()
    return null
  }
  const machine: Machine = {
    program,
    subject,
    slots: new Int32Array((program.groups + 1) * 2).fill(-1),
    registers: new Int32Array(program.registers),
    stack: [],
    budget,
    limit,
    steps: from,
    depth: 0,
    memo: null,
    memoOff: program.memos === 0
  }
  try {
    return searchFrom(machine, from, places)
  } finally {
    budget.steps -= machine.steps
  }
}

/** The next place whose character may be the first of a match; `places` where there is none. */
const nextStart = ({ first }: Program, { codes, length }: Subject, from: number, places: number): number => {
  if (!first) return from
  const end = Math.min(places, length)
  for (let at = from; at < end; at++) if (holds(first, codes[at] as number)) return at
  return places
}

const searchFrom = (machine: Machine, from: number, places: number): Int32Array | null => {
  const { program, subject, slots } = machine
  for (let start = from; start < places;) {
    slots[0] = start
    const end = run(machine, 0, start)
    if (end >= 0) {
      slots[1] = end
      return slots
    }
    const next = nextStart(program, subject, start + 1, places)
    machine.steps = Math.min(machine.steps + next - start - 1, machine.limit + 1)
    if (machine.steps > machine.limit) throw new TooComplex()
    start = next
  }
  return null
}

const pay = (machine: Machine, steps: number): void => {
  machine.steps += steps
  if (machine.steps > machine.limit || machine.steps > machine.budget.steps || machine.stack.length > maxStack)
    throw new TooComplex()
}

/** Was this place tried at this position before? Only asked where the answer would be the same. */
const seen = (machine: Machine, memo: number, pos: number): boolean => {
  if (machine.memoOff || machine.depth > 1 || machine.steps < memoAfter + machine.subject.length) return false
  const width = machine.subject.length + 1
  if (!machine.memo) {
    const bits = machine.program.memos * width
    if (bits > memoBits) {
      machine.memoOff = true
      return false
    }
    machine.memo = new Uint8Array((bits >> 3) + 1)
  }
  const bit = memo * width + pos
  const mask = 1 << (bit & 7)
  const byte = machine.memo[bit >> 3] as number
  if (byte & mask) return true
  machine.memo[bit >> 3] = byte | mask
  return false
}

const setSlot = (machine: Machine, slot: number, value: number): void => {
  machine.stack.push(slot, machine.slots[slot] as number, 0, restoreSlot)
  machine.slots[slot] = value
}

/** Runs from an instruction to a `match`; returns the position there or -1. Groups keep what they took when it succeeds. */
const run = (machine: Machine, from: number, start: number): number => {
  if (++machine.depth > maxNesting) throw new TooComplex()
  const code = machine.program.code
  const { codes, length } = machine.subject
  const base = machine.stack.length
  let pc = from
  let pos = start
  for (;;) {
    pay(machine, 1)
    const step = code[pc] as Instruction
    let ok = true
    switch (step.op) {
      case Op.set:
        if (pos < length && holds(step.set, codes[pos] as number)) {
          pos++
          pc++
        } else ok = false
        break
      case Op.split:
        if (seen(machine, step.memo, pos)) ok = false
        else {
          machine.stack.push(step.second, pos, 0, branch)
          pc = step.first
        }
        break
      case Op.jump:
        pc = step.to
        break
      case Op.save:
        setSlot(machine, step.slot, pos)
        pc++
        break
      case Op.match:
        machine.depth--
        return pos
      case Op.loop: {
        const next = enterLoop(machine, step, pc, pos)
        if (next < 0) ok = false
        else {
          pos = next
          pc++
        }
        break
      }
      case Op.fail:
        ok = false
        break
      default: {
        const next = special(machine, step, pc, pos)
        if (next) [pc, pos] = next
        else ok = false
      }
    }
    if (ok) continue
    const resume = backtrack(machine, base)
    if (!resume) {
      machine.depth--
      return -1
    }
    ;[pc, pos] = resume
  }
}

type Place = readonly [pc: number, pos: number]

/** A repeated set: takes what it can at once and leaves one entry on the stack for all shorter (longer) tries. */
const enterLoop = (machine: Machine, step: Loop, pc: number, pos: number): number => {
  const { codes, length } = machine.subject
  const need = pos + step.min
  let at = pos
  while (at < need && at < length && holds(step.set, codes[at] as number)) at++
  if (at < need || seenInLoop(machine, step, at)) return -1
  if (step.mode === 'lazy') {
    if (step.max > step.min) machine.stack.push(pc, at, step.max - step.min, lazyLoop)
  } else {
    const most = pos + step.max
    while (at < most && at < length && holds(step.set, codes[at] as number)) {
      // From here on an earlier round has tried everything, or still will.
      if (step.mode === 'greedy' && seenInLoop(machine, step, at + 1)) break
      at++
    }
    if (step.mode === 'greedy' && at > need) machine.stack.push(pc, need, at, greedyLoop)
  }
  pay(machine, (at - pos) >> 3)
  return at
}

type Loop = Extract<Instruction, { op: typeof Op.loop }>

/** An unlimited loop that was at this position before: only the number of rounds differs, and that does not matter. */
const seenInLoop = (machine: Machine, step: Loop, pos: number): boolean =>
  step.max === Infinity && seen(machine, step.memo + 1, pos)

/** Undoes and takes the next way that was left open since `base`; null when there is none. */
const backtrack = (machine: Machine, base: number): Place | null => {
  const { stack, subject } = machine
  while (stack.length > base) {
    const kind = stack.pop() as number
    const c = stack.pop() as number
    const b = stack.pop() as number
    const a = stack.pop() as number
    if (kind === branch) return [a, b]
    if (kind === restoreSlot) machine.slots[a] = b
    else if (kind === restoreRegister) machine.registers[a] = b
    else {
      pay(machine, 1)
      const step = machine.program.code[a] as Loop
      if (kind === greedyLoop) {
        const at = c - 1
        if (at > b) stack.push(a, b, at, greedyLoop)
        if (!seen(machine, step.memo, at)) return [a + 1, at]
      } else if (c > 0 && b < subject.length && holds(step.set, subject.codes[b] as number)) {
        if (seenInLoop(machine, step, b + 1)) continue
        stack.push(a, b + 1, c - 1, lazyLoop)
        if (!seen(machine, step.memo, b + 1)) return [a + 1, b + 1]
      }
    }
  }
  return null
}

/** The rarer instructions: where to go on, or null for a failure. */
const special = (machine: Machine, step: Instruction, pc: number, pos: number): Place | null => {
  switch (step.op) {
    case Op.assert:
      return asserts(machine.subject, step, pos) ? [pc + 1, pos] : null
    case Op.mark:
      machine.stack.push(step.register, machine.registers[step.register] as number, 0, restoreRegister)
      machine.registers[step.register] = pos
      return [pc + 1, pos]
    case Op.progress:
      return machine.registers[step.register] === pos ? [step.exit, pos] : [pc + 1, pos]
    case Op.look:
      return look(machine, step, pos)
    case Op.atomic: {
      const end = runOnce(machine, step.body, pos)
      return end < 0 ? null : [step.next, end]
    }
    case Op.call:
      return call(machine, step.body, pc, pos)
    case Op.back:
      return backreference(machine, step, pc, pos)
    case Op.ifGroup:
      return [step.groups.some((group) => (machine.slots[group * 2 + 1] as number) >= 0) ? pc + 1 : step.no, pos]
    default:
      return null
  }
}

/** Runs a body and drops the ways it left open; what it did to groups can still be undone. */
const runOnce = (machine: Machine, body: number, pos: number): number => {
  const base = machine.stack.length
  const before = machine.slots.slice()
  const end = run(machine, body, pos)
  if (end < 0) return -1
  machine.stack.length = base
  before.forEach((old, slot) => {
    if (machine.slots[slot] !== old) machine.stack.push(slot, old, 0, restoreSlot)
  })
  return end
}

const look = (machine: Machine, step: Extract<Instruction, { op: typeof Op.look }>, pos: number): Place | null => {
  const before = machine.slots.slice()
  const base = machine.stack.length
  const found = step.bodies.some((body, i) => {
    const start = step.lengths ? pos - (step.lengths[i] as number) : pos
    if (start < 0) return false
    const end = runOnce(machine, body, start)
    return end >= 0 && (step.lengths === null || end === pos)
  })
  if (found === step.negative) {
    machine.slots.set(before)
    machine.stack.length = base
    return null
  }
  if (step.negative) {
    machine.slots.set(before)
    machine.stack.length = base
  }
  return [step.next, pos]
}

/** A subroutine: what its groups took is forgotten afterwards. Unlike in PCRE it is not entered again for another try. */
const call = (machine: Machine, body: number, pc: number, pos: number): Place | null => {
  const before = machine.slots.slice()
  const base = machine.stack.length
  const registers = machine.registers.slice()
  const end = run(machine, body, pos)
  machine.slots.set(before)
  machine.registers.set(registers)
  machine.stack.length = base
  return end < 0 ? null : [pc + 1, end]
}

const backreference = (
  machine: Machine,
  step: Extract<Instruction, { op: typeof Op.back }>,
  pc: number,
  pos: number
): Place | null => {
  const { slots, subject } = machine
  const group = step.groups.find((each) => (slots[each * 2 + 1] as number) >= 0)
  if (group === undefined) return null
  const from = slots[group * 2] as number
  const length = (slots[group * 2 + 1] as number) - from
  if (pos + length > subject.length) return null
  pay(machine, length >> 3)
  for (let i = 0; i < length; i++) {
    const a = subject.codes[from + i] as number
    const b = subject.codes[pos + i] as number
    if (a !== b && !(step.ignoreCase && caseVariants(a).includes(b))) return null
  }
  return [pc + 1, pos + length]
}

const wordInBytes = wordTest(false)
const wordInUnicode = wordTest(true)

const asserts = (subject: Subject, step: Extract<Instruction, { op: typeof Op.assert }>, pos: number): boolean => {
  const { codes, length } = subject
  switch (step.what) {
    case 'start':
    case 'match start':
      return pos === 0
    case 'end':
      return pos === length
    case 'end or newline':
      return pos === length || (pos === length - 1 && codes[pos] === 10)
    case 'line start':
      // PCRE: not after a newline that ends the subject.
      return pos === 0 || (pos < length && codes[pos - 1] === 10)
    case 'line end':
      return pos === length || codes[pos] === 10
    default: {
      const isWord = step.unicode ? wordInUnicode : wordInBytes
      const before = pos > 0 && isWord(codes[pos - 1] as number)
      const after = pos < length && isWord(codes[pos] as number)
      return (before !== after) === (step.what === 'word')
    }
  }
}
