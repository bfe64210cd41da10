// What surrounds a run: MISP's database, custom modules, what is taken over from a MISP.
import { z } from 'zod'
import type { CustomModuleInfo, TakeOverSource, TakenOver, WorldPart } from '../effects.ts'
import type { ValuePage } from '../values.ts'
import { takes } from './operation.ts'
import { id, limit, nothing, offset, path, textGiven, uploadGiven } from './params.ts'

/** What the world holds goes to the bin before the first rows come; else they are merged into it. */
const newWorld = z.boolean().default(false)

export const worldOperations = {
  // The world: what MISP's database would hold.
  'world.list': takes(nothing).gives<readonly WorldPart[]>(),
  'world.value': takes(z.strictObject({ part: id, path: path.default([]), offset, limit })).gives<ValuePage>(),
  /** Into the bin; `world.restore` takes back what was removed last. */
  'world.remove': takes(z.strictObject({ part: id })).gives<readonly WorldPart[]>(),
  'world.restore': takes(z.strictObject({ part: id })).gives<readonly WorldPart[]>(),

  // Custom modules of the workspace's modules/ folder.
  'customModules.list': takes(nothing).gives<readonly CustomModuleInfo[]>(),
  /** On as it is now, or as it was listed (`sha256`; TRUST_CHANGED when it is another one): a changed module is off again. */
  'customModules.switch': takes(
    z.strictObject({ file: id, on: z.boolean(), sha256: z.string().max(64).optional() })
  ).gives<{
    readonly file: string
    readonly on: boolean
  }>(),
  'customModules.create': takes(
    z.strictObject({
      id,
      kind: z.enum(['action', 'logic']).default('action'),
      language: z.enum(['ts', 'js']).default('ts')
    })
  ).gives<{
    readonly file: string
    /** With the types for an editor, where they were not there yet. */
    readonly files: readonly string[]
  }>(),
  'customModules.text': takes(z.strictObject({ file: id })).gives<{ readonly text: string }>(),

  // Taking over from MISP: saved answers of its API, or fetched read-only.
  'takeover.sources': takes(z.strictObject({ address: z.string().max(2000).default('') })).gives<
    readonly TakeOverSource[]
  >(),
  /** Anything that MISP's API answers, or the world's files have: it is told by its shape and put where it belongs. */
  'takeover.import': takes(
    z.union([z.strictObject({ ...textGiven, newWorld }), z.strictObject({ ...uploadGiven, newWorld })])
  ).gives<readonly TakenOver[]>(),
  /** `key` absent: the one that is kept for the address. */
  'takeover.fetch': takes(
    z.strictObject({
      address: z.string().min(1).max(2000),
      key: z.string().max(200).optional(),
      keepKey: z.boolean().default(false),
      selfSigned: z.boolean().default(false),
      newWorld,
      what: z
        .array(z.strictObject({ kind: z.string().max(50), id: z.string().max(100).optional() }))
        .min(1)
        .max(200)
    })
  ).gives<readonly TakenOver[]>(),
  /** Addresses whose key is kept, and where keys are kept. */
  'keys.list': takes(nothing).gives<{ readonly names: readonly string[]; readonly kept: 'system' | 'memory' }>(),
  'keys.delete': takes(z.strictObject({ name: z.string().min(1).max(2000) })).gives<{ readonly deleted: boolean }>()
} as const
