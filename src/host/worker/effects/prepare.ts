// What surrounds a run besides its data: mocks and pins of a set, recorded answers, custom modules, the service's modules, and, for live
// runs, who performs effects.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Placeholder } from '../../../contract/effects.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import { CodedError } from '../../../contract/errors.ts'
import { defineAction, defineLogic } from '../../../engine/modules/define.ts'
import type { CustomModule } from '../../../engine/run/environment.ts'
import type { EffectRequest, Ports } from '../../../engine/effects/ports.ts'
import { performEffect } from '../../ports/live.ts'
import type { Confirmed } from '../../ports/live.ts'
import type { LiveConfig } from '../../ports/live-config.ts'
import { listModulesOf } from '../../ports/misp-modules.ts'
import { ZmqPublisher } from '../../ports/zmq.ts'
import { asUnreadable, readStored } from '../../store/reading.ts'
import { answersShape } from '../../store/schemas.ts'
import { enginePorts } from '../thread/ports.ts'
import type { Refs } from '../thread/protocol.ts'
import type { RunBook } from '../runs/run-book.ts'
import { isLive } from './live-choice.ts'
import { answersOfRun, isServiceDown, parseAnswers, recordedAnswers } from './recorded.ts'
import type { KnownAnswer } from './recorded.ts'

/** One publisher for the worker: subscribers stay connected between runs. */
export const publisher = new ZmqPublisher()

export interface Prepared {
  readonly options: RunOptionsInput
  readonly ports: Ports
  readonly customModules: readonly CustomModule[]
  /** Absent: as the world says, else as it is assumed. */
  readonly serviceModules?: readonly JsonMap[] | null
}

interface Imported {
  readonly known: readonly KnownAnswer[]
  /** They say that the misp-modules service did not answer. */
  readonly serviceDown: boolean
}

/** Answers of all files of imported recordings; `problem` is told of one that cannot be read. */
async function importedAnswers(folder: string | undefined, problem: RunBook['problem']): Promise<Imported> {
  if (folder === undefined || !existsSync(folder)) return { known: [], serviceDown: false }
  const found = await readdir(folder).catch((error: unknown) => {
    problem(asUnreadable(error, 'answers').message, 'answers')
    return []
  })
  const names = found.filter((name) => name.endsWith('.json')).sort()
  const known: KnownAnswer[] = []
  let serviceDown = false
  for (const name of names) {
    const file = await readStored(join(folder, name), answersShape, { name: `answers/${name}` }).catch(
      (error: unknown) => {
        problem(`${asUnreadable(error, `answers/${name}`).message} Its answers are not used.`, `answers/${name}`)
        return null
      }
    )
    const list = (file?.answers ?? null) as Json
    for (const answer of parseAnswers(list)) known.push(answer)
    serviceDown ||= isServiceDown(list)
  }
  return { known, serviceDown }
}

const usesRecorded = ({ effects }: RunOptionsInput): boolean =>
  effects !== undefined &&
  [effects.policy, ...Object.values(effects.modules ?? {}), ...Object.values(effects.nodes ?? {})].includes('recorded')

/** Everything that is known, for the policy `recorded`. */
async function recordedPort(
  book: RunBook,
  options: RunOptionsInput,
  refs: Refs,
  data: Json
): Promise<{ readonly port: Partial<Ports>; readonly serviceDown: boolean }> {
  if (!usesRecorded(options)) return { port: {}, serviceDown: false }
  const from = refs.recordedRun ? await book.open(refs.recordedRun, refs.recordedRun.summary.id, refs.halt) : null
  const imported = await importedAnswers(refs.answersFolder, book.problem)
  const given = refs.answers ?? null
  const answers = [...(from ? answersOfRun(from.fold.effects) : []), ...imported.known, ...parseAnswers(given)]
  const serviceDown = imported.serviceDown || isServiceDown(given)
  const seen: Json[] = [data]
  // The last data of a captured run holds what its enrichments answered.
  const last = from?.fold.data.at(-1)?.output
  if (last !== undefined) seen.unshift(last)
  return { port: { recorded: recordedAnswers({ answers, data: seen }) }, serviceDown }
}

/** A module that nobody has the code of, with the result that a person chose. */
function placeholderModule(id: string, { type, success, errors, blocking }: Placeholder): CustomModule {
  const text = { id, name: id, description: 'A placeholder with a chosen result.', is_custom: true }
  const definition =
    type === 'logic' ? defineLogic({ ...text }) : defineAction({ ...text, inputs: 1, outputs: 1, blocking })
  return {
    definition,
    execute: function* (ctx) {
      yield* ctx.note('PLACEHOLDER', `${id} is a placeholder: its result was chosen, not computed.`)
      for (const error of errors) ctx.addError(error)
      return success
    }
  }
}

/** Mocks and pins of the set, below those of the request itself. */
function withMockSet(options: RunOptionsInput, { mockSet }: Refs): RunOptionsInput {
  if (!mockSet) return options
  const { mocks, pins, placeholders } = mockSet
  return {
    ...options,
    mocks: { ...mocks, ...options.mocks },
    pins: { ...pins, ...options.pins },
    placeholders: { ...placeholders, ...options.placeholders }
  } as RunOptionsInput
}

export interface Preparing {
  readonly book: RunBook
  readonly options: RunOptionsInput
  readonly refs: Refs
  readonly data: Json
  readonly customModules?: readonly CustomModule[]
  /** Services may be contacted. */
  readonly confirmed?: boolean
}

export async function prepareEffects({
  book,
  options: given,
  refs,
  data,
  customModules = [],
  confirmed = false
}: Preparing): Promise<Prepared> {
  const options = withMockSet(given, refs)
  const { port, serviceDown } = await recordedPort(book, options, refs, data)
  const ports = { ...enginePorts(refs.limits), ...port }
  const placeholders = Object.entries(options.placeholders ?? {}).map(([id, chosen]) => placeholderModule(id, chosen))
  const custom = [...customModules, ...placeholders]
  // A service that is down would end MISP's run at the first template; Retrace renders those itself, so the known list has to do then.
  const live =
    confirmed && isLive(options.effects) && refs.live ? await listModulesOf(refs.live.mispModules.Enrichment) : null
  if (live) {
    return { options, ports, customModules: custom, serviceModules: live }
  }
  return { options, ports, customModules: custom, ...(serviceDown ? { serviceModules: null } : {}) }
}

/** Who performs what the policy leaves open. Throws LIVE_NOT_CONFIRMED where this host cannot. */
export function performer(
  config: LiveConfig | undefined,
  confirmed: Confirmed,
  signal?: AbortSignal
): (request: EffectRequest) => Promise<EffectAnswer> {
  if (!config) throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.')
  return (request) => performEffect(request, config, confirmed, publisher, signal)
}
