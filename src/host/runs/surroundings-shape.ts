// What the surroundings of a run's file must look like. They may come from elsewhere: they are data that the engine is given, and what of them
// says how much it may do is held within the usual bounds.
import { z } from 'zod'
import { pinnedOutput } from '../../contract/effects.ts'
import { phpMap, recordedModule } from '../../contract/recorded-shapes.ts'
import type { Surroundings } from '../../contract/surroundings.ts'
import { defaultLimits } from '../../engine/run/environment.ts'

const text = z.string()
const texts = z.array(text)
const json = z.unknown()
const map = phpMap
const flag = z.boolean()

const input = z.object({
  mode: z.enum(['executeWorkflow', 'executeWorkflowForTrigger', 'router']).optional(),
  ...{ triggerId: text.optional(), currentUserId: text.optional(), insteadOf: text.optional() },
  ...{ enabledTriggers: texts.optional(), enabledModules: texts.optional(), enabledAdHoc: texts.optional() },
  ...{ user: map.optional(), pins: z.record(text, pinnedOutput).optional(), assumptions: texts.optional() },
  module: z.object({ id: text, params: json, convert: flag, filters: map.optional() }).optional(),
  profile: text,
  lastId: z.number(),
  cascade: z.int().min(0).max(100),
  crash: flag,
  limits: z.object({
    steps: z.int().min(0).max(defaultLimits.steps),
    runs: z.int().min(0).max(defaultLimits.runs)
  })
})

const world = z.object({
  parts: z.record(text, z.array(json)),
  misses: z.record(text, texts),
  tags: z.array(map).optional(),
  objects: z.array(map).optional(),
  last: z.record(text, z.number()).optional(),
  galaxies: z.array(z.object({ tag: text, galaxy: map, cluster: map })).optional()
})

const takes = z.number().min(0).optional()

/** What references stand for is bounded: a file may come from elsewhere. */
const mostAnswers = 5_000_000

const surroundings = z.object({
  now: z.number(),
  clock: z.array(z.number().min(0)),
  uuids: z.object({ seed: text, drawn: z.number() }),
  input,
  data: json,
  ...{ shown: map.optional(), settings: map, secrets: texts },
  workflows: z.array(map),
  versions: map,
  modules: z.array(recordedModule),
  service: z.array(z.union([text, map])).nullable(),
  world,
  answers: z
    .array(
      z.union([
        z.int().min(0),
        z.tuple([z.int().min(1), z.int().min(1)]),
        z.object({
          nodeId: z.number(),
          kind: text,
          answer: z.looseObject({}),
          by: text,
          takes,
          copies: z.literal(true).optional()
        })
      ])
    )
    .refine(
      (answers) => answers.reduce<number>((sum, one) => sum + (Array.isArray(one) ? one[1] : 1), 0) <= mostAnswers
    ),
  endpoint: z.array(z.tuple([z.number(), map])).optional(),
  edits: z.array(z.tuple([z.int().min(0), json])).optional()
})

/** Throws what zod throws. The values stay the same ones: they are shared with the run's events, and are written again as they are. */
export function parseSurroundings(raw: unknown): Surroundings {
  surroundings.parse(raw)
  return raw as Surroundings
}
