// A case out of a run: what it depended on, and of what it did the parts that a person ticks. Whoever calls hides secrets first.
import { expectable } from '../../contract/case.ts'
import type { Case, CaseAnswer, Expectable, ExpectedValue, Expectations } from '../../contract/case.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, RunEvent, RunEventMap } from '../../contract/run.ts'
import type { RecordedAnswer, RecordedInput, RecordedWorld, Surroundings } from '../../contract/surroundings.ts'
import { normaliseValue, throughJson } from '../php/decode.ts'
import { unpackAnswers } from '../run/surroundings/answers.ts'
import { isMap, withoutKeys } from '../php/values.ts'
import { isSame } from '../replay/diff.ts'
import { RunFold } from '../replay/fold.ts'
import { dateTimeOf } from '../world/dates.ts'
import { dataFor, mainSteps, messageOf, pathEntries, toldChanges, toldEffects, valueAtPath } from './told.ts'

/** Where the case has its workflow from. */
type CaseWorkflow = { readonly workflow: Json } | { readonly workflowFile: string } | { readonly workflowName: string }

export interface CaseMaterial {
  readonly name: string
  readonly workflow: CaseWorkflow
  /** Run as if that trigger had fired it. */
  readonly as?: string | undefined
  readonly normalized?: JsonMap | undefined
  readonly surroundings: Surroundings
  /** Events of the run itself, without secrets. */
  readonly events: readonly RunEvent[]
  /** Names of parts (`expectable`), and hash paths. */
  readonly ticked: readonly string[]
}

/** As it will be read again. */
export const buildCase = (material: CaseMaterial): Case =>
  normaliseValue(throughJson(caseOf(material) as unknown as Json), { maxDepth: mostLevels }) as unknown as Case

/** PHP's 512 of data, in what a case has around it. */
const mostLevels = 600

function caseOf({ name, workflow, as, normalized, surroundings, events, ticked }: CaseMaterial): Case {
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  const { now, uuids, data, shown, settings, secrets, workflows, modules, service, world, edits, endpoint } =
    surroundings
  const plain = Object.entries(settings).filter(([key]) => !secrets.includes(key))
  const answers = answersOf(surroundings.answers, events)
  return {
    ...{ format: 'retrace.case', version: 1, name, ...workflow },
    ...{ input: data, assume: false, now: `${dateTimeOf(now).replace(' ', 'T')}Z` },
    ...given(surroundings.input),
    ...defined({ as, normalized, shown: shown && withoutKeysOfUsers(shown) }),
    ...(uuids.drawn > 0 ? { uuids: uuids.seed } : {}),
    ...(plain.length > 0 ? { settings: Object.fromEntries(plain) } : {}),
    ...(secrets.length > 0 ? { secrets: [...secrets] } : {}),
    ...(workflows.length > 0 ? { workflows: [...workflows] } : {}),
    ...(modules.length > 0 ? { modules: modules as unknown as NonNullable<Case['modules']> } : {}),
    ...(service === null ? {} : { service: service as NonNullable<Case['service']> }),
    ...worldOf(world),
    ...(edits === undefined ? {} : { edits: edits as NonNullable<Case['edits']> }),
    ...(endpoint === undefined ? {} : { endpoint: endpoint as NonNullable<Case['endpoint']> }),
    ...(answers.length > 0 ? { answers } : {}),
    expect: expectedOf(fold, ticked)
  } as Case
}

const defined = (values: JsonMap | { readonly [name: string]: Json | undefined }): JsonMap =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as JsonMap

function given({
  mode,
  triggerId,
  currentUserId,
  user,
  pins,
  cascade,
  crash,
  profile,
  lastId,
  ...lists
}: RecordedInput) {
  const { enabledTriggers, enabledModules, enabledAdHoc } = lists
  return defined({
    ...{ profile, lastId, mode, trigger: triggerId, currentUser: currentUserId },
    ...({ enabledTriggers, enabledModules, enabledAdHoc } as { readonly [name: string]: Json | undefined }),
    ...(user === undefined ? {} : { user: withoutSecrets(user) }),
    ...(pins === undefined ? {} : { pins: pins as unknown as Json }),
    ...(cascade === 0 ? {} : { cascade }),
    ...(crash ? { crash } : {})
  })
}

/** Columns that no module reads, and that nobody wants in git. */
const secretColumns = /passw|auth_?key|totp|secret|certif_public|gpgkey|api_?key/i

const withoutSecrets = (row: JsonMap): JsonMap =>
  withoutKeys(
    row,
    Object.keys(row).filter((column) => secretColumns.test(column))
  ) as JsonMap

function withoutKeysOfUsers(row: JsonMap): JsonMap {
  const inner = row['User']
  return inner !== undefined && isMap(inner) ? { ...row, User: withoutSecrets(inner) } : row
}

function worldOf({ parts, tags, objects, last, galaxies }: RecordedWorld): JsonMap {
  const rows = Object.entries(parts).map(([part, all]) => [
    part,
    all.map((row) => (part === 'users' && isMap(row) ? withoutSecrets(withoutKeysOfUsers(row)) : row))
  ])
  const found = defined({ tags, objects, last, galaxies } as unknown as JsonMap)
  return {
    ...(rows.length > 0 ? { world: Object.fromEntries(rows) as JsonMap } : {}),
    ...(Object.keys(found).length > 0 ? { found } : {})
  }
}

type Answer = Pick<RunEventMap['effect'], 'nodeId' | 'answer' | 'by' | 'takes'> & { readonly request: JsonMap }

/** Whoever asks again and gets the same has one answer; what nobody but the engine answered has none. */
function answersOf(recorded: readonly RecordedAnswer[], events: readonly RunEvent[]): CaseAnswer[] {
  const own = events.flatMap((event): Answer[] => {
    if (event.type !== 'effect') return []
    const { nodeId, effect, answer, by, takes } = event.data
    return [{ nodeId, answer, by, request: askedFor(effect), ...(takes === undefined ? {} : { takes }) }]
  })
  let next = 0
  const all = unpackAnswers(recorded).flatMap((one): readonly Answer[] =>
    typeof one === 'number' ? own.slice(next, (next += one)) : [{ ...one, request: { kind: one.kind } }]
  )
  const told = all.flatMap(({ nodeId, request, answer, by, takes }): CaseAnswer[] => {
    const { kind } = request
    if (kind === 'template' && (by === 'engine' || by === 'renderer')) return []
    if ((kind === 'mail' || kind === 'zmq') && 'sent' in answer) return []
    const one = { answer: answer as unknown as JsonMap, node: nodeId, request: request as CaseAnswer['request'] }
    return [takes === undefined ? one : { ...one, takes }]
  })
  return withoutRepeats(told)
}

/** The last answer that fits stays: behind it, what only says the same once more is left out. */
function withoutRepeats(answers: readonly CaseAnswer[]): CaseAnswer[] {
  const lists = new Map<string, CaseAnswer[]>()
  for (const one of answers) {
    const key = JSON.stringify([one.node, one.request])
    const list = lists.get(key)
    if (list) list.push(one)
    else lists.set(key, [one])
  }
  const dropped = new Set<CaseAnswer>()
  for (const list of lists.values())
    for (let i = list.length - 1; i > 0 && isSame(list[i]?.answer as Json, list[i - 1]?.answer as Json); i--)
      dropped.add(list[i] as CaseAnswer)
  return answers.filter((one) => !dropped.has(one))
}

/** What of a request an answer belongs to: whom it asks for what, and not all that it sends. */
function askedFor(effect: Effect): JsonMap {
  if (effect.kind === 'http') return { kind: effect.kind, method: effect.method, url: effect.url }
  if (effect.kind === 'template') return { kind: effect.kind, param: effect.param }
  if (effect.kind !== 'misp-modules') return { kind: effect.kind }
  const { user: _user, config: _config, params: _params, event_id: _event, attribute, ...body } = effect.body
  const asked =
    attribute !== undefined && isMap(attribute)
      ? { type: attribute['type'] ?? null, value: attribute['value'] ?? null }
      : null
  return { kind: effect.kind, body: asked === null ? body : { ...body, attribute: asked } }
}

const isExpectable = (name: string): name is Expectable => (expectable as readonly string[]).includes(name)

const said = /^Node `[^]*?` \(\d+\) from Workflow `[^]*?` \(\d+\) returned the following error: ([^]+)$/

/** What of it does not name the workflow, whose id is another one elsewhere. */
export function messageIn(finished: Parameters<typeof messageOf>[0]): string {
  const [first = ''] = finished.blockingErrors
  return said.exec(first)?.[1] ?? (first === '' ? messageOf(finished) : first)
}

/** @param ticked names of parts, and hash paths */
export function expectedOf(fold: RunFold, ticked: readonly string[]): Expectations {
  const has = (name: Expectable): boolean => ticked.includes(name)
  const { finished, steps } = fold
  const outcome = finished?.outcome
  const message = finished && outcome !== 'success' ? messageIn(finished) : ''
  const values = [...new Set(ticked.filter((name) => !isExpectable(name)))]
    .sort()
    .map((path) => expectedValue(fold, path))
  return {
    ...(has('changes') ? { changes: toldChanges(fold).map(({ told }) => told) as never } : {}),
    ...(has('effects') ? { effects: toldEffects(fold, (effect) => effect).map(({ told }) => told) as never } : {}),
    ...((has('outcome') || has('message')) && message !== '' ? { message } : {}),
    ...(has('outcome') && outcome !== undefined ? { outcome } : {}),
    ...(has('path') ? { path: [...pathEntries(steps)] } : {}),
    ...(values.length > 0 ? { values } : {})
  }
}

/** With the node that set it last. */
function expectedValue(fold: RunFold, path: string): ExpectedValue {
  const is = valueAtPath(dataFor(fold, {}), path)
  const set = mainSteps(fold).findLast(({ step, changed }) => {
    const data = changed ? fold.data[step - 1] : undefined
    return data && !isSame(valueAtPath(data.input, path), valueAtPath(data.output, path))
  })
  return set?.nodeId === null || set === undefined ? { is, path } : { from: set.nodeId, is, path }
}
