// The thread in which custom modules run, inside an interpreter of their own (QuickJS in WASM): it has no objects of Node, and whoever
// waits for this thread ends it when it does not answer in time. Self-contained, because it is started as a file of its own.
import { workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core'
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core'
import type { GuestFailure, Stopped } from './guest.ts'

interface Source {
  readonly file: string
  readonly code: string
  readonly memoryBytes: number
  readonly milliseconds: number
}
type Message =
  | (Source & { readonly type: 'describe' })
  | (Source & { readonly type: 'explain'; readonly input: string })
  | (Source & { readonly type: 'execute'; readonly id: number; readonly input: string; readonly data: string })
  | { readonly type: 'answer'; readonly id: number; readonly ask: number; readonly answer: string }
  | { readonly type: 'drop'; readonly id: number }

/** What a module sees. Runs before the module, in its interpreter; nothing here can be reached from a module but what `ctx` shows. */
const prelude = `
(() => {
  'use strict'
  const { parse, stringify } = JSON
  const hostAsk = globalThis.__ask, hostData = globalThis.__data
  delete globalThis.__ask
  delete globalThis.__data
  const waiting = new Map()
  let next = 0
  const plain = (value) => (value === undefined ? 'null' : stringify(value) ?? 'null')
  const ask = (kind, value) =>
    new Promise((resolve, reject) => {
      const id = ++next
      waiting.set(id, { resolve, reject })
      hostAsk(id, kind, plain(value))
    })
  const texts = (list) => list.map((item) => (typeof item === 'string' ? item : stringify(item) ?? String(item))).join(' ')
  let entry = null
  const define = (module) => {
    if (typeof module !== 'object' || module === null) throw new TypeError('defineModule expects an object')
    return module
  }
  Object.defineProperty(globalThis, 'defineModule', { value: define })
  const problem = (module) => {
    if (typeof module !== 'object' || module === null) return 'the module exports no default: write \`export default defineModule({ … })\`'
    if (module.kind !== 'action' && module.kind !== 'logic') return '\`kind\` is "action" or "logic"'
    if (typeof module.execute !== 'function') return '\`execute\` is missing'
    if (module.explain !== undefined && typeof module.explain !== 'function') return '\`explain\` is not a function'
    return null
  }
  return {
    use(namespace) {
      entry = namespace.default
      const wrong = problem(entry)
      if (wrong !== null) throw new TypeError(wrong)
    },
    describe() {
      const { execute, explain, ...rest } = entry
      return plain({ ...rest, explained: typeof explain === 'function' })
    },
    explain(input) {
      return typeof entry.explain === 'function' ? String(entry.explain(parse(input))) : ''
    },
    run(input) {
      const given = parse(input)
      const out = { errors: [], notes: [] }
      let data, changed = false, read = false
      const log = (...list) => void (out.notes.length < 1000 && out.notes.push(texts(list).slice(0, 10000)))
      globalThis.console = { log, info: log, warn: log, error: log, debug: log }
      const ctx = {
        params: given.params, node: given.node, workflow: given.workflow, user: given.user, settings: given.settings, now: given.now,
        getData() {
          if (!read) {
            data = parse(hostData())
            read = true
          }
          return data
        },
        setData(value) {
          data = value
          read = changed = true
        },
        addError(text) {
          if (out.errors.length < 1000) out.errors.push(String(text).slice(0, 10000))
        },
        log,
        extract: (path, from) => ask('extract', from === undefined ? { path } : { path, from }),
        render: (template, from) => ask('render', { template, ...(from === undefined ? {} : { from }) }),
        http: async (request) => {
          const answer = await ask('http', typeof request === 'string' ? { url: request } : request)
          return { ...answer, ok: answer.status >= 200 && answer.status <= 206, json: () => parse(answer.body) }
        },
        mail: (mail) => ask('mail', mail),
        zmq: (topic, message) => ask('zmq', { topic, message }),
        query: (body) => ask('misp-modules', body)
      }
      return Promise.resolve(entry.execute(Object.freeze(ctx))).then((returned) =>
        plain({ ...out, success: returned !== false && returned !== undefined ? Boolean(returned) : returned === undefined && entry.kind === 'action', ...(changed ? { data } : {}) })
      )
    },
    settle(id, answer) {
      const { resolve, reject } = waiting.get(id) ?? {}
      waiting.delete(id)
      const { value, error } = parse(answer)
      if (error !== undefined) reject?.(new Error(error))
      else resolve?.(value)
    }
  }
})()`

const { port, signal } = workerData as { readonly port: MessagePort; readonly signal: Int32Array }

class GuestError extends Error {}

/** One interpreter with one module in it. */
class Guest {
  readonly #runtime: QuickJSRuntime
  readonly #context: QuickJSContext
  #since = 0
  #deadline = 0
  #face: QuickJSHandle | null = null
  #result: QuickJSHandle | null = null
  #data = '[]'
  /** Milliseconds that are left to it in all. */
  #left: number
  #questions = 0
  #sent = 0
  /** Questions that have no answer yet. */
  open = 0
  readonly asks: { readonly ask: number; readonly kind: string; readonly value: string }[] = []

  constructor(
    quickjs: QuickJSWASMModule,
    private readonly source: Source
  ) {
    this.#left = mostTurns * source.milliseconds
    this.#runtime = quickjs.newRuntime()
    this.#runtime.setMemoryLimit(source.memoryBytes)
    this.#runtime.setMaxStackSize(256 * 1024)
    this.#runtime.setInterruptHandler(() => this.#asksTooMuch || performance.now() > this.#deadline)
    this.#runtime.setModuleLoader((name) =>
      name === 'retrace-module'
        ? 'export const defineModule = globalThis.defineModule'
        : { error: new Error(`custom modules cannot import anything: “${name}”`) }
    )
    this.#context = this.#runtime.newContext()
  }

  /** Evaluates the module. Throws GuestError. */
  load(data: string): void {
    this.#data = data
    this.#allow()
    const context = this.#context
    const ask = context.newFunction('ask', (id, kind, value) => {
      // Asked before it is copied: what is out there is not the module's own memory.
      this.#sent += context.getProp(value, 'length').consume((length) => context.getNumber(length))
      this.#questions++
      // The module may catch what is thrown, but is interrupted right after.
      if (this.#asksTooMuch) throw new Error(tooMuch.message)
      this.open++
      this.asks.push({ ask: context.getNumber(id), kind: context.getString(kind), value: context.getString(value) })
    })
    const give = context.newFunction('data', () => context.newString(this.#data))
    context.setProp(context.global, '__ask', ask)
    context.setProp(context.global, '__data', give)
    ask.dispose()
    give.dispose()
    this.#face = this.#unwrap(context.evalCode(prelude, 'retrace'))
    const loaded = this.#unwrap(context.evalCode(this.source.code, this.source.file, { type: 'module' }))
    this.#pump()
    const state = context.getPromiseState(loaded)
    if (state.type === 'rejected') throw new GuestError(this.#text(state.error))
    if (state.type === 'pending') throw new GuestError(plainFailure('The module does not finish loading.'))
    this.#call('use', [state.type === 'fulfilled' && !state.notAPromise ? state.value : loaded]).dispose()
  }

  describe(): string {
    return this.#textOf(this.#call('describe', []))
  }

  explain(input: string): string {
    this.#allow()
    return this.#textOf(this.#call('explain', [this.#context.newString(input)]))
  }

  start(input: string): void {
    this.#allow()
    this.#result = this.#call('run', [this.#context.newString(input)])
    this.#pump()
  }

  answer(ask: number, answer: string): void {
    this.#allow()
    this.open--
    this.#call('settle', [this.#context.newNumber(ask), this.#context.newString(answer)]).dispose()
    this.#pump()
  }

  /** What the module returned, as JSON; null while it waits. Throws GuestError. */
  outcome(): string | null {
    if (!this.#result) return null
    const state = this.#context.getPromiseState(this.#result)
    if (state.type === 'rejected') throw new GuestError(this.#text(state.error))
    if (state.type === 'pending') return null
    // A module may have made something else of promises.
    return this.#context.typeof(state.value) === 'string' ? this.#context.getString(state.value) : 'null'
  }

  dispose(): void {
    try {
      this.#result?.dispose()
      this.#face?.dispose()
      this.#context.dispose()
      this.#runtime.dispose()
    } catch {
      // An interpreter that ran out of memory or stack cannot always be taken apart, and what it holds is never given back.
      leaks = true
    }
  }

  get #asksTooMuch(): boolean {
    return this.#questions > mostQuestions || this.#sent > this.source.memoryBytes
  }

  #allow(): void {
    this.#since = performance.now()
    this.#deadline = this.#since + Math.min(this.source.milliseconds, this.#left)
  }

  /** Jobs that make jobs are stopped here: the interpreter asks nobody between two of them. */
  #pump(): void {
    for (let ran = jobsAtOnce; ran === jobsAtOnce;) {
      const done = this.#runtime.executePendingJobs(jobsAtOnce)
      if (done.error) {
        const text = this.#text(done.error)
        done.error.dispose()
        throw new GuestError(text)
      }
      ran = done.value
      if (this.#asksTooMuch) throw new GuestError(JSON.stringify(tooMuch))
      // An interrupted job is only a promise that never settles.
      if (performance.now() > this.#deadline) throw new GuestError(JSON.stringify(interrupted))
    }
    this.#left -= performance.now() - this.#since
  }

  #call(name: string, args: readonly QuickJSHandle[]): QuickJSHandle {
    if (!this.#face) throw new GuestError(plainFailure('The module is not loaded.'))
    const method = this.#context.getProp(this.#face, name)
    try {
      return this.#unwrap(this.#context.callFunction(method, this.#context.undefined, ...args))
    } finally {
      method.dispose()
      for (const arg of args) arg.dispose()
    }
  }

  #unwrap(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (!result.error) return result.value
    const text = this.#text(result.error)
    result.error.dispose()
    throw new GuestError(text)
  }

  #textOf(handle: QuickJSHandle): string {
    const text = this.#context.getString(handle)
    handle.dispose()
    return text
  }

  /** An error of the guest as JSON: read by name, never run. */
  #text(error: QuickJSHandle): string {
    if (this.#asksTooMuch) return JSON.stringify(tooMuch)
    const dumped = this.#context.dump(error) as unknown
    if (typeof dumped !== 'object' || dumped === null) return plainFailure(String(dumped))
    const { name = 'Error', message = '', stack = '' } = dumped as Partial<GuestFailure>
    const isOwn = name === 'InternalError' && Object.hasOwn(ofInterpreter, message)
    const failure: GuestFailure = { name: cut(name, 100), message: cut(message), stack: cut(stack) }
    return JSON.stringify(isOwn ? { ...failure, stopped: ofInterpreter[message] } : failure)
  }
}

/** In all, as many times what one turn between two answers may take. */
const mostTurns = 6
const mostQuestions = 10_000
const jobsAtOnce = 100
const longestText = 10_000

/** Errors are shown in lists and kept in runs several times. */
function cut(value: unknown, length = longestText): string {
  const text = String(value)
  return text.length > length ? `${text.slice(0, length)}…` : text
}

const failed = (stopped: Stopped, message: string): GuestFailure => ({
  ...{ name: 'InternalError', message, stack: '' },
  stopped
})
const interrupted = failed('time', 'interrupted')
const tooMuch = failed('asks', 'asks too much')

/** What the interpreter throws by itself: it has no codes, so this is the one place that knows its texts. */
const ofInterpreter: { readonly [message: string]: Stopped } = {
  interrupted: 'time',
  'out of memory': 'memory',
  'stack overflow': 'stack'
}

const plainFailure = (message: string): string => JSON.stringify({ name: 'Error', message: cut(message), stack: '' })

const running = new Map<number, Guest>()

/** An interpreter could not be taken apart: this thread is replaced once no other module is in it. */
let leaks = false

function progress(id: number, guest: Guest): object {
  const asks = guest.asks.splice(0)
  const done = guest.outcome()
  if (done === null && guest.open > 0) return { asks }
  running.delete(id)
  guest.dispose()
  return done === null
    ? { error: plainFailure('execute() never finishes: it waits for something that never happens.') }
    : { done }
}

function handle(quickjs: QuickJSWASMModule, message: Message): object {
  if (message.type === 'drop') {
    running.get(message.id)?.dispose()
    running.delete(message.id)
    return {}
  }
  if (message.type === 'answer') {
    const guest = running.get(message.id)
    if (!guest) return { error: plainFailure('The module was stopped.') }
    guest.answer(message.ask, message.answer)
    return progress(message.id, guest)
  }
  const guest = new Guest(quickjs, message)
  if (message.type === 'execute') {
    running.set(message.id, guest)
    guest.load(message.data)
    guest.start(message.input)
    return progress(message.id, guest)
  }
  try {
    guest.load('[]')
    return { done: message.type === 'describe' ? guest.describe() : guest.explain(message.input) }
  } finally {
    guest.dispose()
  }
}

/** What the guest threw; what the interpreter itself threw leaves it in no good state, which `broken` tells. */
function failureOf(error: unknown): object {
  if (error instanceof GuestError) return { error: error.message }
  const isStack = error instanceof RangeError && error.message === 'Maximum call stack size exceeded'
  const failure = isStack ? failed('stack', error.message) : failed('crash', 'interpreter failed')
  return { error: JSON.stringify(failure), broken: true }
}

// What emscripten says as it gives up (`Aborted(Assertion failed: …`) is for nobody's terminal; the failure itself is answered.
const quiet = { print: () => undefined, printErr: () => undefined }
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { emscriptenModule: quiet as object }))

port.on('message', (message: Message) => {
  let reply: object
  try {
    reply = handle(quickjs, message)
  } catch (error) {
    if ('id' in message) {
      running.get(message.id)?.dispose()
      running.delete(message.id)
    }
    reply = failureOf(error)
  }
  port.postMessage(leaks && running.size === 0 ? { ...reply, broken: true } : reply)
  Atomics.add(signal, 0, 1)
  Atomics.notify(signal, 0)
})

// Ready.
Atomics.add(signal, 0, 1)
Atomics.notify(signal, 0)
