// A custom module as the engine executes it: the guest thread computes, its questions become effects under the run's policies.
import { append } from '../../contract/lists.ts'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { anyJson, anyMap } from '../../contract/any-json.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { asCannotTell } from '../../engine/effects/cannot-tell.ts'
import { extract } from '../../engine/hash/hash.ts'
import type { ModuleContext } from '../../engine/modules/context.ts'
import { decodeJson } from '../../engine/php/decode.ts'
import { encodeJson } from '../../engine/php/encode.ts'
import { phpException, PhpThrow } from '../../engine/php/exceptions.ts'
import type { CustomModule } from '../../engine/run/environment.ts'
import type { Gen } from '../../engine/effects/signals.ts'
import type { GuestFailure, GuestReply, GuestThread } from './guest.ts'
import { codeOf, failureText, lineOfStack } from './read-module.ts'
import type { ReadModule } from './read-module.ts'

const text = z.string().max(10_000_000)
const json: z.ZodType<Json> = anyJson
const headers = z.union([
  z.record(z.string(), z.string()).transform((map) => Object.entries(map)),
  z.array(z.tuple([z.string(), z.string()]))
])
const questions = {
  http: z.object({
    url: z
      .string()
      .regex(/^https?:\/\//i, 'an http or https URL')
      .max(10_000),
    method: z
      .string()
      .regex(/^[A-Za-z]{1,20}$/)
      .default('GET'),
    headers: headers.default([]),
    body: z.union([text, json]).default(''),
    selfSigned: z.boolean().default(false)
  }),
  mail: z.object({ to: z.string().max(1000), subject: z.string().max(10_000), text }),
  zmq: z.object({ topic: z.string().max(200), message: json }),
  'misp-modules': anyMap,
  extract: z.object({ path: z.string().max(10_000), from: json.optional() }),
  render: z.object({ template: text, from: json.optional() })
}

const outcome = z.object({
  success: z.boolean(),
  errors: z.array(z.string()).default([]),
  notes: z.array(z.string()).default([]),
  data: json.optional()
})

/** Header names that could break out of their line are refused by the transport; here they are only shown. */
function effectOf(kind: string, value: unknown): Effect | null {
  if (kind === 'http') {
    const { url, method, headers: sent, body, selfSigned } = questions.http.parse(value)
    const written = typeof body === 'string' ? body : encodeJson(body)
    const isJson = typeof body !== 'string' && !sent.some(([name]) => name.toLowerCase() === 'content-type')
    const all = isJson ? [...sent, ['Content-Type', 'application/json'] as [string, string]] : sent
    return {
      kind,
      url,
      method: method.toUpperCase(),
      headers: all,
      body: written,
      ...(selfSigned ? { selfSigned } : {})
    }
  }
  if (kind === 'mail') return { kind, ...questions.mail.parse(value) }
  if (kind === 'zmq') return { kind, ...questions.zmq.parse(value) }
  if (kind === 'misp-modules') {
    return { kind, family: 'Enrichment', body: questions['misp-modules'].parse(value), timeoutSeconds: 10 }
  }
  return null
}

/** What the module gets for an effect: a failure is an error that it can catch. */
function answerValue(effect: Effect, answer: EffectAnswer): { readonly value: Json } | { readonly error: string } {
  if ('failure' in answer) return { error: answer.message }
  if (effect.kind === 'misp-modules') {
    if ('json' in answer) return { value: answer.json }
    return 'body' in answer ? { value: decodeJson(answer.body, { name: 'the reply' }) } : { value: null }
  }
  if (effect.kind !== 'http') return { value: true }
  if ('json' in answer) return { value: { status: answer.status ?? 200, headers: [], body: encodeJson(answer.json) } }
  if (!('body' in answer)) return { value: { status: 200, headers: [], body: '' } }
  const pairs = (answer.headers ?? []).map(([name, value]): Json => [name, value])
  return { value: { status: answer.status, headers: pairs, body: answer.body } }
}

function* answerOf(
  ctx: ModuleContext,
  kind: string,
  raw: string
): Gen<{ readonly value: Json } | { readonly error: string }> {
  try {
    const value = JSON.parse(raw) as unknown
    if (kind === 'extract') {
      const { path, from } = questions.extract.parse(value)
      return { value: Object.values(extract(from ?? ctx.getData(), path)) as Json }
    }
    if (kind === 'render') {
      const { template, from } = questions.render.parse(value)
      return { value: yield* ctx.render(template, from ?? ctx.getData(), 'template') }
    }
    const effect = effectOf(kind, value)
    return effect ? answerValue(effect, yield* ctx.ask(effect)) : { error: `there is no ctx.${kind}` }
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [issue] = error.issues
      return { error: `ctx.${kind}: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}` }
    }
    if (error instanceof PhpThrow || isRefusal(error)) return { error: error.message }
    throw error
  }
}

/** What a module or a service gave cannot be read: an error of theirs. What nobody can tell is none. */
const isRefusal = (error: unknown): error is CodedError => error instanceof CodedError && asCannotTell(error) === null

/** What a module says, in a bounded length. */
function bounded(texts: readonly string[]): readonly string[] {
  let left = mostText
  const end = texts.findIndex((one, i) => i >= mostTexts || (left -= one.length) < 0)
  return end < 0 ? texts : [...texts.slice(0, end), `${texts.length - end} more`]
}

const mostTexts = 1000
const mostText = 1_000_000

function outcomeOf(done: string, file: string): z.output<typeof outcome> {
  try {
    return outcome.parse(JSON.parse(done))
  } catch {
    throw phpException('Exception', `execute() returned something other than true or false (${file})`)
  }
}

/** The data that a module sets. Throws PHP's exception for what PHP could not hold. */
function dataOf(data: Json, file: string): JsonMap {
  try {
    return decodeJson(JSON.stringify(data), { name: 'The data of the module' }) as JsonMap
  } catch (error) {
    throw isRefusal(error) ? phpException('Exception', `${error.message} (${file})`) : error
  }
}

const thrown = (failure: GuestFailure, { source }: ReadModule): PhpThrow => {
  const line = lineOfStack(failure.stack, source.file)
  return phpException('Exception', `${failureText(failure)} (${source.file}${line === null ? '' : `:${line}`})`)
}

/** With what tells its code from any other. */
export interface HashedModule extends CustomModule {
  readonly sourceHash: string
}

export function buildCustomModule(module: ReadModule, guest: GuestThread): HashedModule {
  return {
    definition: module.definition,
    sourceHash: createHash('sha256').update(module.source.code).digest('hex'),
    execute: function* (ctx) {
      const params = yield* ctx.params()
      const { id, name, trigger_id } = ctx.workflow
      const input: JsonMap = {
        params,
        node: ctx.node as unknown as Json,
        workflow: { id: id ?? null, name: name ?? null, trigger_id: trigger_id ?? null },
        user: { id: ctx.user['id'] ?? null, email: ctx.user['email'] ?? null, org_id: ctx.user['org_id'] ?? null },
        settings: {},
        now: ctx.now()
      }
      const started = guest.execute(module.source, encodeJson(input), encodeJson(ctx.getData()))
      let finished = false
      try {
        const done = yield* converse(ctx, module, guest, started)
        finished = true
        for (const note of bounded(done.notes)) yield* ctx.note('MODULE_LOG', note)
        for (const error of bounded(done.errors)) ctx.addError(error)
        if (done.data !== undefined) ctx.setData(dataOf(done.data, module.source.file))
        return done.success
      } finally {
        // A run that is stopped while the module waits leaves no interpreter behind.
        if (!finished) guest.drop(started.id)
      }
    }
  }
}

function* converse(
  ctx: ModuleContext,
  module: ReadModule,
  guest: GuestThread,
  started: { readonly id: number; readonly reply: GuestReply }
): Gen<z.output<typeof outcome>> {
  const waiting: { readonly ask: number; readonly kind: string; readonly value: string }[] = []
  for (let { reply } = started; ;) {
    if ('failure' in reply) {
      if (codeOf(reply.failure) === 'MODULE_STOPPED') yield* ctx.note('MODULE_STOPPED', failureText(reply.failure))
      throw thrown(reply.failure, module)
    }
    if ('done' in reply) return outcomeOf(reply.done, module.source.file)
    append(waiting, reply.asks)
    const next = waiting.shift()
    if (!next) throw phpException('Exception', `execute() never finishes (${module.source.file})`)
    // Who cancels the run does not wait for the module's last question.
    yield { kind: 'breath' }
    reply = guest.answer(started.id, next.ask, JSON.stringify(yield* answerOf(ctx, next.kind, next.value)))
  }
}
