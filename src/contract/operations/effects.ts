// Effects: what a run did send and change, and who answers them: mocks, recorded answers, live services.
import { z } from 'zod'
import { pinnedOutput, placeholder } from '../effects.ts'
import type { AnswerSet, ConnectionTest, LiveSettings, MockSet, RenderedMail, WorldDiff } from '../effects.ts'
import type { JsonMap } from '../json.ts'
import { liveChange } from '../own-settings.ts'
import type { RunEffect } from '../run-views.ts'
import type { EffectAnswer } from '../run.ts'
import { takes } from './operation.ts'
import { id, limit, map, nothing, offset, textGiven, uploadGiven } from './params.ts'

const effectOfRun = { runId: id, effect: z.int().min(0) }

export const effectOperations = {
  /** With requests and answers in full; secrets masked unless asked for. */
  'run.effects': takes(z.strictObject({ runId: id, offset, limit, unmasked: z.boolean().default(false) })).gives<{
    readonly effects: readonly RunEffect[]
    readonly total: number
  }>(),
  /** `effect`: position in `run.effects`. Secrets are masked unless asked for. */
  'run.curl': takes(z.strictObject({ ...effectOfRun, unmasked: z.boolean().default(false) })).gives<{
    readonly text: string
  }>(),
  /** Sends one effect again, live. Without `confirm` it answers whom it would contact and the token. */
  'run.resend': takes(z.strictObject({ ...effectOfRun, confirm: z.string().max(200).optional() })).gives<{
    readonly target: string
    readonly refused: string | null
    readonly token: string | null
    readonly answer: EffectAnswer | null
  }>(),
  'run.mail': takes(z.strictObject(effectOfRun)).gives<RenderedMail>(),
  'run.worldChanges': takes(z.strictObject({ runId: id, offset, limit })).gives<WorldDiff>(),
  // Mocks and pins.
  'mocks.list': takes(z.strictObject({ workflowId: id.nullable().optional() }).default({})).gives<readonly MockSet[]>(),
  'mocks.save': takes(
    z.strictObject({
      id: id.optional(),
      name: z.string().min(1).max(200),
      workflowId: id.nullable().default(null),
      mocks: map.default({}),
      pins: z.record(z.string().max(20), pinnedOutput).default({}),
      placeholders: z.record(z.string().max(200), placeholder).default({})
    })
  ).gives<MockSet>(),
  'mocks.delete': takes(z.strictObject({ id })).gives<readonly MockSet[]>(),
  /** Unpins one node, or all. */
  'mocks.unpin': takes(z.strictObject({ id, nodeId: z.int().optional() })).gives<MockSet>(),
  /** Mocks out of the answers that a run got, by node, in order; of all its effects or of some. */
  'run.mocks': takes(z.strictObject({ runId: id, effects: z.array(z.int().min(0)).max(10_000).optional() })).gives<{
    readonly mocks: JsonMap
  }>(),
  /** Answers of services, as `retrace` or a proxy recorded them, for the policy `recorded`. */
  'answers.list': takes(nothing).gives<readonly AnswerSet[]>(),
  'answers.import': takes(z.union([z.strictObject(textGiven), z.strictObject(uploadGiven)])).gives<AnswerSet>(),
  'answers.delete': takes(z.strictObject({ id })).gives<readonly AnswerSet[]>(),

  // Live services. Passwords are kept outside of the workspace and never answered.
  'live.settings': takes(nothing).gives<LiveSettings>(),
  'live.configure': takes(liveChange).gives<LiveSettings>(),
  /** Whether the service answers. Contacts it: asked for by a person only. `url`: for http, or instead of the settings'. */
  'live.test': takes(
    z.strictObject({ kind: z.enum(['http', 'mail', 'zmq', 'misp-modules']), url: z.string().max(2000).optional() })
  ).gives<ConnectionTest>()
} as const
