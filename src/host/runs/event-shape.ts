// What the events of a run's file must have for a run to be shown. Data itself may be any JSON; PHP's empty map is a list.
import { z } from 'zod'
import { outcomes, type RunEventType } from '../../contract/run.ts'

const text = z.string()
const texts = z.array(text)
const maybe = text.optional()
const node = z.number().nullable()
const json = z.unknown()
const map = z.union([z.record(text, json), z.array(json)])
const nodeRef = { nodeId: node, moduleId: text, moduleType: text, name: maybe }
const pairs = z.array(z.tuple([text, text]))

const effect = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('http'), method: text, url: text, headers: pairs, body: text }),
  z.looseObject({ kind: z.literal('mail'), to: text, subject: text, text, extra: map.optional() }),
  z.looseObject({ kind: z.literal('zmq'), topic: text, message: json }),
  z.looseObject({ kind: z.literal('misp-modules'), family: text, body: map, timeoutSeconds: z.number() }),
  z.looseObject({ kind: z.literal('template'), template: text, data: json, param: text })
])
const answer = z.union([
  z.looseObject({ status: z.number(), headers: pairs.optional(), body: text }),
  z.looseObject({ json: json.refine((value) => value !== undefined) }),
  z.looseObject({ text }),
  z.looseObject({ sent: z.literal(true) }),
  z.looseObject({ failure: text, message: text })
])
const change = z.union([
  z.looseObject({ table: text, op: z.enum(['added', 'removed']), row: map }),
  z.looseObject({
    table: text,
    op: z.literal('changed'),
    id: text,
    fields: z.union([z.record(text, z.tuple([json, json])), z.array(json).max(0)])
  })
])
const throwable = z.looseObject({ class: text, message: text, error: z.boolean(), nodeId: node.optional() }).optional()

const shapes: Readonly<Record<RunEventType, z.ZodType>> = {
  'run.started': z.looseObject({
    workflowId: text,
    workflowName: text,
    triggerId: text,
    pathType: text,
    profile: text,
    assumptions: texts,
    insteadOf: maybe
  }),
  'run.normalized': z.looseObject({ original: json, normalized: json }),
  'node.started': z.looseObject({ ...nodeRef, path: texts }),
  'node.finished': z.looseObject({
    ...nodeRef,
    ...{ result: text, success: z.boolean(), branch: maybe, message: maybe, params: map },
    ...{ ms: z.number().optional(), derived: texts.optional(), job: maybe }
  }),
  effect: z.looseObject({ nodeId: node, effect, answer, by: text, takes: z.number().optional() }),
  'world.changed': z.looseObject({ nodeId: node, change }),
  log: z.looseObject({ line: text }),
  post: z.looseObject({ post: z.looseObject({ method: text, path: text, query: text, body: map }) }),
  'path.blocked': z.looseObject({ path: texts }),
  'job.queued': z.looseObject({ job: text, command: text, workflowId: text, by: node }),
  'job.started': z.looseObject({ job: text }),
  'job.finished': z.looseObject({ job: text, success: z.boolean(), message: text, throwable }),
  'trigger.fired': z.looseObject({ triggerId: text, nodeId: node, runId: text.nullable() }),
  note: z.looseObject({ nodeId: node, code: text, text }),
  'run.finished': z.looseObject({
    ...{ outcome: z.enum(outcomes), outcomeText: text, success: z.boolean(), blockingErrors: texts, throwable },
    walk: z
      .looseObject({ executed_nodes: z.array(json), blocking_nodes: z.array(json), blocked_paths: z.array(texts) })
      .nullable()
  })
}

/** What is wrong with an event; null when nothing is. Types of a newer version are let through: nobody looks at them. */
export function problemOf(type: string, data: unknown): string | null {
  if (!Object.hasOwn(shapes, type)) return null
  const parsed = shapes[type as RunEventType].safeParse(data)
  if (parsed.success) return null
  const [issue] = parsed.error.issues
  return `${type}.${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'of another shape'}`
}
