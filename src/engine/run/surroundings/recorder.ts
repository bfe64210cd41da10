// Keeps what a run depends on while it goes on. It stands at the engine's ports: the clock, uuids, settings, the world, the modules, and the
// events in which effects are answered; no module knows of it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { EffectAnswer, RunEvent } from '../../../contract/run.ts'
import { isSecretSetting } from '../../../contract/secrets.ts'
import { mask } from '../../../contract/mask.ts'
import type { RecordedAct, RecordedInput, Surroundings } from '../../../contract/surroundings.ts'
import type { Ports } from '../../effects/ports.ts'
import type { Settings } from '../../modules/context.ts'
import { serviceDefinitions } from '../../modules/table.ts'
import { WorldReads } from '../../world/reads.ts'
import type { CustomModule, Environment } from '../environment.ts'
import type { RunInput } from '../input.ts'
import { packAnswers, type ToldAnswer } from './answers.ts'
import { containersIn } from './copies.ts'
import { RecordedClock, uuidsOf } from './clock.ts'
import { recordCalls } from './custom-calls.ts'

interface Started {
  readonly runId: string
  readonly input: Omit<RunInput, 'workflow'> & { readonly lastId: number }
  readonly env: Environment
  readonly module: RecordedInput['module'] | undefined
}

interface KnownModule {
  readonly definition: ModuleDefinition
  readonly source: string | null
  readonly calls: RecordedAct[][]
}

/** One run, with its jobs and the runs that it fires. */
export class RunRecorder {
  readonly reads = new WorldReads()
  #started: Started | null = null
  #clock: RecordedClock | null = null
  readonly #uuids = { seed: '', drawn: 0 }
  readonly #settings: { [name: string]: Json } = {}
  readonly #secrets = new Set<string>()
  readonly #versions: { [module: string]: string } = {}
  readonly #modules = new Map<string, KnownModule>()
  readonly #service = { given: [] as readonly JsonMap[] | null, read: new Set<JsonMap>(), named: false }
  readonly #answers: ToldAnswer[] = []
  /** Those that the run itself got. */
  readonly #ownAnswers: EffectAnswer[] = []
  readonly #endpoint: [number, JsonMap][] = []
  readonly #edits: [number, Json][] = []
  /** A person stopped it: a repeat goes on. */
  wasStopped = false

  /** @param seed of uuids, for a run that draws those of another one */
  constructor(private readonly seed?: string) {}

  start(runId: string, input: Started['input'], env: Environment, module?: RecordedInput['module']): void {
    this.#started = { runId, input, env, module }
  }

  ports(ports: Ports): Ports {
    const clock = (this.#clock = new RecordedClock(ports.clock))
    let draw: (() => string) | null = null
    const uuid = (): string => {
      if (draw === null) {
        this.#uuids.seed = this.seed ?? ports.uuid()
        draw = uuidsOf(this.#uuids.seed)
      }
      this.#uuids.drawn++
      return draw()
    }
    const { debugEndpoint } = ports
    if (!debugEndpoint) return { ...ports, clock, uuid }
    let posts = 0
    return {
      ...{ ...ports, clock, uuid },
      debugEndpoint: (post) => {
        const failure = debugEndpoint(post)
        if (failure) this.#endpoint.push([posts, failure as unknown as JsonMap])
        posts++
        return failure
      }
    }
  }

  /** The settings, noting those that are looked at. */
  settings(settings: Settings): Settings {
    const note = (name: string | symbol): void => {
      if (typeof name !== 'string' || !Object.hasOwn(settings, name)) return
      const value = settings[name] as Json
      const isHidden = isSecretSetting(name) && value !== null && value !== '' && value !== false
      if (isHidden) this.#secrets.add(name)
      this.#settings[name] = isHidden ? mask : value
    }
    return new Proxy(settings, {
      get: (_, name) => {
        note(name)
        return typeof name === 'string' && Object.hasOwn(settings, name) ? settings[name] : undefined
      },
      getOwnPropertyDescriptor: (_, name) => {
        note(name)
        return Reflect.getOwnPropertyDescriptor(settings, name)
      },
      ownKeys: () => {
        Object.keys(settings).forEach(note)
        return Reflect.ownKeys(settings)
      }
    })
  }

  /** A custom module, keeping what its calls do. */
  module(own: CustomModule): CustomModule {
    const { definition } = own
    const key = `${definition.module_type} ${definition.id}`
    let known = this.#modules.get(key)
    if (known === undefined) {
      known = { definition, source: own.sourceHash ?? null, calls: [] }
      this.#modules.set(key, known)
    }
    return { definition, execute: recordCalls(own.execute, known.calls) }
  }

  found({ module_type: type, id, version }: ModuleDefinition): void {
    this.#versions[`${type} ${id}`] = version
  }

  /** The list of the service, noting which rows are looked at. */
  service(listed: readonly JsonMap[] | null): readonly JsonMap[] | null {
    const service = this.#service
    service.given = listed
    return (
      listed?.map(
        (row) =>
          new Proxy(row, {
            get: (_, name) => {
              if (name === 'name') service.named = true
              else if (typeof name === 'string') service.read.add(row)
              return Reflect.get(row, name) as Json
            },
            getOwnPropertyDescriptor: (_, name) => {
              service.read.add(row)
              return Reflect.getOwnPropertyDescriptor(row, name)
            },
            ownKeys: () => {
              service.read.add(row)
              return Reflect.ownKeys(row)
            }
          })
      ) ?? null
    )
  }

  /** An action of the service was found by its id. */
  listed(id: string): void {
    for (const row of this.#service.given ?? []) if (serviceDefinitions([row]).has(id)) this.#service.read.add(row)
  }

  edited(step: number, data: Json): void {
    this.#edits.push([step, data])
  }

  stopped(): void {
    this.wasStopped = true
  }

  /** Answers of the run itself stand in its file; of others they are kept. */
  hearing(onEvent: (event: RunEvent) => void): (event: RunEvent) => void {
    return (event) => {
      if (event.type === 'effect') this.#answer(event)
      onEvent(event)
    }
  }

  #answer({ runId, data }: Extract<RunEvent, { type: 'effect' }>): void {
    const last = this.#answers.at(-1)
    if (runId === this.#started?.runId) {
      this.#ownAnswers.push(data.answer)
      if (typeof last === 'number') this.#answers[this.#answers.length - 1] = last + 1
      else this.#answers.push(1)
      return
    }
    const { nodeId, effect, answer, by, takes } = data
    this.#answers.push({ nodeId, kind: effect.kind, answer, by, ...(takes === undefined ? {} : { takes }) })
  }

  /** What the run depended on so far; null before it was started. */
  surroundings(): Surroundings | null {
    if (this.#started === null) return null
    const { input, env } = this.#started
    const { data, shown } = input
    return {
      now: env.now(),
      clock: this.#clock?.looks ?? [],
      uuids: this.#uuids,
      input: inputOf(this.#started),
      data,
      ...(shown ? { shown } : {}),
      settings: this.#settings,
      secrets: [...this.#secrets],
      workflows: env.workflows.readBeside,
      versions: this.#versions,
      modules: [...this.#modules.values()],
      service: this.#listedRows(),
      world: this.reads.world(),
      answers: this.#packed(),
      ...(this.#endpoint.length > 0 ? { endpoint: this.#endpoint } : {}),
      ...(this.#edits.length > 0 ? { edits: this.#edits } : {})
    }
  }

  #packed(): Surroundings['answers'] {
    if (this.#answers.every((one) => typeof one === 'number')) return this.#answers
    const own = new Set<object>()
    for (const answer of this.#ownAnswers) for (const inner of containersIn(answer as unknown as Json)) own.add(inner)
    return packAnswers(this.#answers, (inner) => own.has(inner))
  }

  #listedRows(): Surroundings['service'] {
    const { given, read, named } = this.#service
    if (given === null) return null
    return given.flatMap((row): (string | JsonMap)[] => {
      if (read.has(row)) return [row]
      return named && typeof row['name'] === 'string' ? [row['name']] : []
    })
  }
}

function inputOf({ input, env, module }: Started): RecordedInput {
  const { mode, triggerId, enabledTriggers, enabledModules, enabledAdHoc, user, currentUserId, pins } = input
  const given = { mode, triggerId, enabledTriggers, enabledModules, enabledAdHoc, user, currentUserId, pins, module }
  const { assumptions, insteadOf, lastId } = input
  const named = Object.entries({ ...given, assumptions, insteadOf }).filter(([, value]) => value !== undefined)
  return {
    ...(Object.fromEntries(named) as Partial<RecordedInput>),
    profile: env.profile.id,
    lastId,
    cascade: env.cascade,
    crash: env.crash,
    limits: env.limits
  }
}
