// A run as it was: out of its surroundings, its workflow and the answers of its file comes the input of a run that goes the same way. Nothing
// is asked of the outside, no code of a module is run, and the world of the workspace is not read.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { mask } from '../../../contract/mask.ts'
import type { Effect, RunEvent } from '../../../contract/run.ts'
import type { RecordedAnswer, Surroundings } from '../../../contract/surroundings.ts'
import { defaultAnswer } from '../../effects/policy.ts'
import type { Answered, EffectRequest, Ports } from '../../effects/ports.ts'
import { defaultProfile, profileFor } from '../../profiles/profiles.ts'
import type { WorldSeed } from '../../world/base.ts'
import type { RunInput } from '../input.ts'
import { unpackAnswers } from './answers.ts'
import { clockOf, uuidsOf } from './clock.ts'
import { repeatCalls } from './custom-calls.ts'

export interface Repeated {
  readonly surroundings: Surroundings
  readonly workflow: JsonMap
  /** The events of the run's own file. */
  readonly events: readonly RunEvent[]
}

/** Everything but the workflow and the run's id. */
export function repeatInput({ input, ...around }: Surroundings): Omit<RunInput, 'workflow'> {
  const { profile, lastId, cascade, crash, limits, module: _module, ...given } = input
  return {
    ...given,
    data: around.data,
    ...(around.shown ? { shown: around.shown } : {}),
    settings: around.settings,
    workflows: around.workflows,
    world: around.world.parts as JsonMap,
    seed: seedOf(around.world),
    serviceModules: around.service?.map((row) => (typeof row === 'string' ? { name: row } : row)) ?? null,
    customModules: around.modules.map(({ definition, calls }) => ({
      definition,
      execute: repeatCalls(definition.id, calls)
    })),
    ...(around.edits ? { edits: new Map(around.edits) } : {}),
    options: {
      profile: profileFor(profile)?.profile ?? defaultProfile,
      lastId,
      cascade,
      crash,
      limits,
      now: around.now
    }
  }
}

const seedOf = ({ tags, objects = [], last = {}, galaxies = [] }: Surroundings['world']): WorldSeed => ({
  ...{ tags: tags ?? null, objects, last, galaxies }
})

/** Clock, uuids and answers as they were recorded. */
export function repeatPorts({ surroundings, events }: Pick<Repeated, 'surroundings' | 'events'>): Ports {
  const { now, clock, uuids, answers, secrets, endpoint = [] } = surroundings
  const failures = new Map(endpoint)
  let posts = 0
  return {
    clock: clockOf(now, clock),
    uuid: uuidsOf(uuids.seed),
    answer: answersInOrder(answers, events, secrets.length > 0),
    ...(failures.size > 0 ? { debugEndpoint: () => failures.get(posts++) as never } : {})
  }
}

interface KnownAnswer extends Answered {
  readonly nodeId: number
  readonly kind: string
}

/** The answers of all effects, in the order in which they were asked for. */
function inOrder(answers: readonly RecordedAnswer[], events: readonly RunEvent[]): readonly KnownAnswer[] {
  const own = events.flatMap((event): KnownAnswer[] => {
    if (event.type !== 'effect') return []
    const { nodeId, effect, answer, by, takes } = event.data
    return [{ nodeId, kind: effect.kind, effect, answer, by, ...(takes === undefined ? {} : { takes }) }]
  })
  let next = 0
  return unpackAnswers(answers).flatMap((one) => (typeof one === 'number' ? own.slice(next, (next += one)) : [one]))
}

/**
 * Each request gets the answer of its place. One that is another than the recorded one (the workflow or Retrace is another by now) gets the
 * next answer that its node got for a request of its kind, and what was never answered an assumed one.
 */
function answersInOrder(
  answers: readonly RecordedAnswer[],
  events: readonly RunEvent[],
  hasSecrets: boolean
): (request: EffectRequest) => Answered | undefined {
  const known = inOrder(answers, events)
  const used = new Set<number>()
  const copies = new WeakMap<object, Json>()
  let next = 0
  return ({ nodeId, effect }) => {
    const fits = ({ nodeId: node, kind }: KnownAnswer): boolean => node === nodeId && kind === effect.kind
    const place = known.findIndex((one, i) => i >= next && !used.has(i) && fits(one))
    const found = known[place]
    if (found === undefined)
      return effect.kind === 'template' ? undefined : { answer: defaultAnswer(effect), by: 'record' }
    if (place === next) next++
    else used.add(place)
    const { answer, by, takes, effect: recorded } = found
    const filled = hasSecrets && recorded !== undefined ? secretsFilled(effect, recorded, copies) : effect
    return { answer, by, ...(takes === undefined ? {} : { takes }), ...(filled === effect ? {} : { effect: filled }) }
  }
}

/** The request with the texts that were recorded where dots stand for them: a secret that is not here. `copies`: of what is shared. */
function secretsFilled(effect: Effect, recorded: Effect, copies: WeakMap<object, Json>): Effect {
  const fill = (value: Json, was: Json): Json => {
    if (value === was) return value
    if (typeof value === 'string') return value.includes(mask) && typeof was === 'string' ? was : value
    if (typeof value !== 'object' || typeof was !== 'object' || value === null || was === null) return value
    const known = copies.get(value)
    if (known !== undefined) return known
    const inner = (name: string): Json =>
      fill((value as JsonMap)[name] as Json, ((was as JsonMap)[name] ?? null) as Json)
    const names = Object.keys(value)
    if (names.every((name) => inner(name) === (value as JsonMap)[name])) return value
    const copy = Array.isArray(value) ? names.map(inner) : Object.fromEntries(names.map((name) => [name, inner(name)]))
    copies.set(value, copy)
    return copy
  }
  return fill(effect as unknown as Json, recorded as unknown as Json) as unknown as Effect
}
