// Seeded pairs of runs that differ in one planted edit.
import type { DifferencePlace } from '../../src/contract/comparison.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import type { Ports } from '../../src/engine/effects/ports.ts'
import type { ComparedRun } from '../../src/engine/replay/compare/side.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { createRun } from '../../src/engine/run/start.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import { deriveEvents } from '../../src/host/capture/derive/derive.ts'
import { postsOf } from '../conformance/posts-of.ts'
import { seeded } from './scale.ts'

export interface Planted {
  readonly a: ComparedRun
  readonly b: ComparedRun
  /** The edited step, by its number in A, or in B where only that one has it; 0: the data. */
  readonly step: number
  /** Where it must be seen. */
  readonly places: readonly DifferencePlace[]
  readonly what: string
}

type Random = () => number
type Loose = { [key: string]: Json }
const pick = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T

const tagNames = ['tlp:red', 'tlp:amber', 'tlp:green', 'workflow:seen', 'x']
const eventFor = (random: Random): JsonMap => ({
  Event: {
    ...{ id: '7', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b', info: pick(random, ['Mail', 'Phish', '']) },
    ...{ published: random() < 0.5, distribution: '1', threat_level_id: '2', org_id: '1', orgc_id: '1' },
    timestamp: '1729512000',
    Tag: tagNames.filter(() => random() < 0.4).map((name, i) => ({ id: String(i + 1), name })),
    Attribute: Array.from({ length: 1 + Math.floor(random() * 9) }, (_, i) => ({
      ...{ id: String(i + 1), uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, object_id: '0' },
      ...{ type: pick(random, ['ip-dst', 'domain', 'md5']), category: 'Network activity', value: `v${i}.example` },
      ...{ to_ids: random() < 0.5, distribution: '5', comment: '', timestamp: '1729512000' },
      Tag: random() < 0.3 ? [{ id: '9', name: pick(random, tagNames) }] : []
    }))
  }
})

interface Kind {
  readonly id: string
  readonly type: 'logic' | 'action'
  readonly params: (random: Random) => JsonMap
  /** Another value of a parameter, which comes to something else or not. */
  readonly edit: (params: Loose, random: Random) => void
}

const kinds: readonly Kind[] = [
  {
    ...{ id: 'tag-if', type: 'logic' },
    params: (random) => ({ scope: 'event', condition: 'in_or', tags: [pick(random, tagNames)], clusters: [] }),
    edit: (params) => void (params['tags'] = [...(params['tags'] as Json[]), 'another'])
  },
  {
    ...{ id: 'generic-if', type: 'logic' },
    params: (random) => ({ value: pick(random, ['Mail', 'md5']), operator: 'equals', hash_path: 'Event.info' }),
    edit: (params) => void (params['value'] = `${String(params['value'])}!`)
  },
  {
    ...{ id: 'generic-filter-data', type: 'logic' },
    params: (random) => ({
      ...{ 'filtering-label': 'A', selector: 'Event.Attribute.{n}', value: pick(random, ['md5', 'domain']) },
      ...{ operator: 'equals', hash_path: 'type' }
    }),
    edit: (params) => void (params['filtering-label'] = 'B')
  },
  {
    ...{ id: 'attribute_edition_operation', type: 'action' },
    params: () => ({}),
    edit: (params) => void (params['fields'] = 'comment')
  },
  {
    ...{ id: 'tag_operation', type: 'action' },
    params: (random) => ({
      ...{ scope: pick(random, ['event', 'attributes']), action: 'add', locality: 'local' },
      ...{ tags: [pick(random, tagNames)], relationship_type: '' }
    }),
    edit: (params) => void (params['tags'] = ['another'])
  },
  {
    ...{ id: 'attribute_ids_flag_operation', type: 'action' },
    params: (random) => ({ action: pick(random, ['add', 'remove']) }),
    edit: (params) => void (params['action'] = params['action'] === 'add' ? 'remove' : 'add')
  },
  {
    ...{ id: 'webhook', type: 'action' },
    params: () => ({ url: 'https://example.com/x', content_type: 'json', data_extraction_path: '', payload: '' }),
    edit: (params) => void (params['url'] = 'https://example.com/y')
  },
  {
    ...{ id: 'push-zmq', type: 'action' },
    params: () => ({ data_extraction_path: 'Event.info' }),
    edit: (params) => void (params['data_extraction_path'] = 'Event.Tag.{n}.name')
  }
]
const usable = kinds.filter(({ id }) => id !== 'attribute_edition_operation')

interface Made {
  readonly workflow: JsonMap
  readonly data: JsonMap
}

function nodeOf(
  id: number,
  moduleId: string,
  type: string,
  params: JsonMap,
  to: readonly number[],
  both: boolean
): Loose {
  const next = { connections: to.map((target) => ({ node: String(target), output: 'input_1' })) }
  return {
    ...{ id, name: moduleId, pos_x: id * 100, pos_y: 0, inputs: {} },
    outputs: both ? { output_1: next, output_2: next } : { output_1: next },
    data: {
      ...{ id: moduleId, name: moduleId, module_type: type, indexed_params: params },
      saved_filters: { selector: '', value: '', operator: '', path: '' }
    }
  }
}

/** A chain that goes on whatever its conditions say; sometimes with a concurrent branch. */
function make(random: Random): Made {
  const length = 3 + Math.floor(random() * 6)
  const nodes: Loose[] = [nodeOf(1, 'event-after-save', 'trigger', {}, [2], false)]
  const task = random() < 0.3 ? 2 + Math.floor(random() * (length - 1)) : 0
  for (let id = 2; id <= length + 1; id++) {
    const to = id <= length ? [id + 1] : []
    if (id === task) {
      nodes.push(nodeOf(id, 'concurrent-task', 'logic', {}, [...to, 100], false))
      const branch = pick(random, usable)
      nodes.push(nodeOf(100, branch.id, branch.type, branch.params(random), [], branch.type === 'logic'))
      continue
    }
    const kind = pick(random, usable)
    nodes.push(nodeOf(id, kind.id, kind.type, kind.params(random), to, kind.type === 'logic'))
  }
  const row = { id: '1', name: 'planted', trigger_id: 'event-after-save', debug_enabled: true, counter: '0' }
  return { workflow: { ...row, data: mapOf(nodes) }, data: eventFor(random) }
}

const mapOf = (nodes: readonly Loose[]): JsonMap => Object.fromEntries(nodes.map((node) => [String(node['id']), node]))

interface Surroundings {
  readonly seconds: number
  readonly ids: string
  readonly status: number
  readonly disabled?: string
}

function execute({ workflow, data }: Made, { seconds, ids, status, disabled }: Surroundings): readonly RunEvent[] {
  const events: RunEvent[] = []
  let count = 0
  const ports: Ports = {
    clock: { now: () => seconds * 1000, monotonic: () => ++count },
    uuid: () => `${ids}-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    answer: () => ({ answer: { status, body: '{}' }, by: 'mock' })
  } as Ports
  const enabledModules = [...kinds.map(({ id }) => id), 'concurrent-task'].filter((id) => id !== disabled)
  const settings = {
    'MISP.host_org_id': 1,
    'Security.rest_client_enable_arbitrary_urls': true,
    'Plugin.ZeroMQ_enable': true
  }
  const run = createRun(
    { workflow, data, settings, enabledModules, options: { runId: `run-${ids}` } },
    ports,
    (event) => events.push(event)
  )
  runToEnd(run)
  return events
}

function comparedOf(events: readonly RunEvent[], workflow: Json, seconds: number): ComparedRun {
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  return { ...{ fold, events, workflow, rebuilt: false, origin: 'local' }, clock: { from: seconds, to: seconds } }
}

const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const today = { seconds: 1_729_512_000, ids: 'aaaaaaaa', status: 200 }
const another = { seconds: 1_760_000_000, ids: 'bbbbbbbb', status: 200 }

type Finished = { type: 'node.finished'; data: Loose & { before: Json; after: Json; job?: string } }

/** An edit in the events of a run, which are parsed apart. */
export function planted(seed: number): Planted | null {
  const random = seeded(seed)
  const made = make(random)
  const events = execute(made, today)
  const edited = clone(events) as unknown as Loose[]
  const finished = edited.filter(({ type }) => type === 'node.finished') as unknown as Finished[]
  if (finished.length === 0) return null
  const at = Math.floor(random() * finished.length)
  const edit = pick(random, edits)
  const places = edit.plant({ edited, finished, at, random })
  if (places === null) return null
  const a = comparedOf(events, made.workflow, today.seconds)
  const b = comparedOf(edited as unknown as RunEvent[], clone(made.workflow), today.seconds)
  return { a, b, step: at + 1, places, what: edit.what }
}

interface Planting {
  readonly edited: Loose[]
  readonly finished: readonly Finished[]
  readonly at: number
  readonly random: Random
}

interface Edit {
  readonly what: string
  /** Where it must be seen; null where there is nothing to edit. */
  readonly plant: (planting: Planting) => readonly DifferencePlace[] | null
}

const edits: readonly Edit[] = [
  { what: 'a value written', plant: (planting) => (plantValue(planting, false) ? ['output'] : null) },
  { what: 'data edited between two steps', plant: (planting) => (plantValue(planting, true) ? ['input'] : null) },
  {
    what: 'an error',
    plant: ({ finished, at }) => {
      const { data } = finished[at]!
      data['errors'] = [...(Array.isArray(data['errors']) ? (data['errors'] as Json[]) : []), 'planted']
      return ['errors']
    }
  },
  {
    what: 'a parameter',
    plant: ({ finished, at }) => {
      ;(finished[at]!.data['params'] as Loose)['planted'] = 'yes'
      return ['parameters']
    }
  },
  {
    what: 'a branch or result',
    plant: ({ finished, at }) => {
      const { data } = finished[at]!
      data['success'] = data['success'] !== true
      if (data['branch'] === 'output_1') data['branch'] = 'output_2'
      else if (data['branch'] === 'output_2') data['branch'] = 'output_1'
      return ['result']
    }
  },
  {
    what: 'an answer',
    plant: ({ edited, finished, at }) => {
      const effect = ofStep(edited, finished[at]!, 'effect')[0]
      if (!effect) return null
      ;(effect['data'] as Loose)['answer'] = { status: 503, body: 'planted' }
      return ['effects']
    }
  },
  {
    what: 'a row of the database',
    plant: ({ edited, finished, at }) => {
      const change = ofStep(edited, finished[at]!, 'world.changed')[0]
      if (!change) return null
      const told = (change['data'] as Loose)['change'] as Loose
      if (told['op'] === 'changed') (told['fields'] as Loose)['planted'] = ['1', '2']
      else (told['row'] as Loose)['planted'] = '1'
      return ['world']
    }
  },
  {
    what: 'two steps in another order',
    plant: ({ edited, finished, at }) => {
      const [one, other] = [finished[at]!, finished[at + 1]]
      // One after the other in one walk, of two nodes, and neither changes anything that the other would get.
      if (!other || one.data.job !== other.data.job || one.data['nodeId'] === other.data['nodeId']) return null
      const isQuiet = ({ data }: Finished): boolean => JSON.stringify(data.before) === JSON.stringify(data.after)
      if (!isQuiet(one) || !isQuiet(other)) return null
      const eventsOf = (step: Finished): readonly Loose[] => [
        ...['node.started', 'effect', 'world.changed'].flatMap((type) => ofStep(edited, step, type)),
        step as unknown as Loose
      ]
      const [first, second] = [eventsOf(one), eventsOf(other)]
      const own = new Set([...first, ...second])
      const from = edited.findIndex((event) => own.has(event))
      const rest = edited.filter((event) => !own.has(event))
      edited.splice(0, edited.length, ...rest.slice(0, from), ...second, ...first, ...rest.slice(from))
      return []
    }
  },
  {
    what: 'a step that is missing',
    plant: ({ edited, finished, at }) => {
      const gone = finished[at]!
      // What the step wrote is missing behind it, too, which is no other edit.
      if (JSON.stringify(gone.data.before) !== JSON.stringify(gone.data.after)) return null
      const of = new Set<unknown>([gone, ...ofStep(edited, gone, 'effect'), ...ofStep(edited, gone, 'world.changed')])
      for (let i = edited.length - 1; i >= 0; i--) if (of.has(edited[i])) edited.splice(i, 1)
      return []
    }
  }
]

/** Events of a step of one type: those since its start. */
function ofStep(edited: readonly Loose[], finished: Finished, type: string): readonly Loose[] {
  const end = edited.indexOf(finished as unknown as Loose)
  const isStart = (one: Loose): boolean =>
    one['type'] === 'node.started' && (one['data'] as Loose)['nodeId'] === finished.data['nodeId']
  const start = edited.findLastIndex((one, i) => i < end && isStart(one))
  return edited.slice(start, end).filter((one) => one['type'] === type)
}

/** Another value at a place of the data, from the step's input or output on to the end of its walk. */
function plantValue({ finished, at, random }: Planting, inInput: boolean): boolean {
  const { data } = finished[at]!
  const paths = leaves(inInput ? data.before : data.after)
  if (paths.length === 0) return false
  const path = pick(random, paths)
  const old = valueOf(inInput ? data.before : data.after, path)
  const value = typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : `${String(old)} planted`
  const replace = (root: Json): boolean => {
    const box = valueOf(root, path.slice(0, -1)) as Loose | undefined
    const key = path.at(-1) as string
    if (typeof box === 'object' && box !== null && Object.hasOwn(box, key) && box[key] === old) {
      box[key] = value
      return true
    }
    return false
  }
  if (inInput) replace(data.before)
  replace(data.after)
  // Each concurrent task starts one job with its output: those from here on have it.
  const before = finished.slice(0, at).filter((one) => startsJob(one.data)).length
  const isFed = ({ job }: Finished['data']): boolean =>
    data.job === undefined && Number(job?.replace('job-', '')) > before
  const over = new Set<string | undefined>()
  for (const later of finished.slice(at + 1)) {
    if (over.has(later.data.job) || (later.data.job !== data.job && !isFed(later.data))) continue
    // What another step wrote there is not what was planted.
    if (!replace(later.data.before) || !replace(later.data.after)) over.add(later.data.job)
  }
  return true
}

const startsJob = (data: Loose): boolean => data['moduleId'] === 'concurrent-task'

function leaves(root: Json): readonly (readonly string[])[] {
  const found: string[][] = []
  const pending: (readonly [Json, string[]])[] = [[root, []]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next
    if (typeof value !== 'object' || value === null) found.push(path)
    else for (const [key, inner] of Object.entries(value)) pending.push([inner as Json, [...path, key]])
  }
  return found.filter((path) => path.length > 0)
}

const valueOf = (root: Json, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (box, key) =>
      typeof box === 'object' && box !== null && Object.hasOwn(box, key) ? (box as Loose)[key] : undefined,
    root
  )

type Running = 'nothing' | 'data' | 'parameter' | 'answer' | 'node removed' | 'node added' | 'filter' | 'renumbered'
const runnings: readonly Running[] = [
  'data',
  'parameter',
  'answer',
  'node removed',
  'node added',
  'filter',
  'renumbered'
]

/** Two runs, of which the second ran on another day with an edited workflow, event or answer. */
export function plantedByRunning(seed: number, asked?: Running): Planted | null {
  const random = seeded(seed)
  const made = make(random)
  const running = asked ?? pick(random, runnings)
  const events = execute(made, today)
  const a = comparedOf(events, made.workflow, today.seconds)
  const steps = a.fold.steps
  if (steps.length === 0) return null
  const edited = clone(made)
  const nodes = edited.workflow['data'] as { [id: string]: Loose }
  const at = Math.floor(random() * steps.length)
  const { nodeId, moduleId } = steps[at]!
  const node = nodes[String(nodeId)]!
  const own = node['data'] as Loose
  const result = (step: number, places: readonly DifferencePlace[], surroundings: Surroundings = another): Planted => ({
    ...{
      a,
      b: comparedOf(execute(edited, surroundings), edited.workflow, another.seconds),
      step,
      places,
      what: running
    }
  })
  const kind = kinds.find(({ id }) => id === moduleId)
  switch (running) {
    case 'nothing':
      return result(-1, [])
    case 'data': {
      const paths = leaves(edited.data).filter((path) => !['id', 'uuid', 'object_id'].includes(path.at(-1)!))
      const path = pick(random, paths)
      const box = valueOf(edited.data, path.slice(0, -1)) as Loose
      const old = box[path.at(-1)!]
      box[path.at(-1)!] = typeof old === 'boolean' ? !old : `${String(old)}1`
      return result(0, [])
    }
    case 'parameter': {
      if (!kind) return null
      kind.edit(own['indexed_params'] as Loose, random)
      return result(at + 1, ['parameters'])
    }
    case 'filter': {
      if (kind?.type !== 'action') return null
      own['saved_filters'] = { selector: 'Event.Attribute.{n}', value: 'md5', operator: 'equals', path: 'type' }
      return result(at + 1, ['parameters'])
    }
    case 'answer': {
      const asking = steps.findIndex((step) => step.moduleId === 'webhook')
      if (asking < 0 || steps.filter((step) => step.moduleId === 'webhook').length !== 1) return null
      return result(asking + 1, ['effects'], { ...another, status: 500 })
    }
    case 'node removed': {
      if (moduleId === 'concurrent-task' || nodeId === 100) return null
      const [next] = targetsOf(node)
      for (const one of Object.values(nodes)) retarget(one, String(nodeId), next)
      delete nodes[String(nodeId)]
      return result(at + 1, [])
    }
    case 'node added': {
      const added = nodeOf(50, 'published-if', 'logic', {}, targetsOf(node).map(Number), true)
      if (moduleId === 'concurrent-task' || nodeId === 100 || targetsOf(node).length === 0) return null
      for (const target of targetsOf(node)) retarget(node, target, '50')
      nodes['50'] = added
      const { b, ...rest } = result(0, [])
      const step = b.fold.steps.findIndex((one) => one.nodeId === 50) + 1
      return step === 0 ? null : { ...rest, b, step }
    }
    case 'renumbered': {
      // Every node has another number; one of them is set differently.
      if (!kind) return null
      kind.edit(own['indexed_params'] as Loose, random)
      const moved = clone(edited.workflow['data']) as { [id: string]: Loose }
      const number = (id: string): string => String(Number(id) * 7 + 11)
      const entries = Object.entries(moved).map(([id, one]): [string, Json] => {
        for (const target of targetsOf(one)) retarget(one, target, `new ${number(target)}`)
        for (const target of targetsOf(one)) retarget(one, target, target.replace('new ', ''))
        return [number(id), { ...one, id: Number(number(id)) }]
      })
      const workflow = { ...edited.workflow, data: Object.fromEntries(entries) }
      const b = comparedOf(execute({ ...edited, workflow }, another), workflow, another.seconds)
      return { a, b, step: at + 1, places: ['parameters'], what: running }
    }
  }
}

interface Connected {
  readonly connections: { node: string }[]
}

const targetsOf = (node: Loose): readonly string[] => [
  ...new Set(
    Object.values(node['outputs'] as unknown as Record<string, Connected>).flatMap(({ connections }) =>
      connections.map((one) => one.node)
    )
  )
]

function retarget(node: Loose, from: string, to: string | undefined): void {
  for (const output of Object.values(node['outputs'] as unknown as Record<string, Connected>)) {
    for (const [i, one] of [...output.connections.entries()].reverse()) {
      if (one.node !== from) continue
      if (to === undefined) output.connections.splice(i, 1)
      else one.node = to
    }
  }
}

/** The same run here and as captured from the posts that MISP would have sent of it, one of which was edited. */
export function plantedInPosts(seed: number, asked?: 'nothing'): Planted | null {
  const random = seeded(seed)
  const made = make(random)
  const events = execute(made, today)
  const sent = clone(events) as unknown as Loose[]
  const executed = sent.filter(
    ({ type, data }) => type === 'post' && String(((data as Loose)['post'] as Loose)['path']).includes('/exec/')
  )
  const at = Math.floor(random() * executed.length)
  const what = asked ?? pick(random, ['value', 'parameter', 'error', 'missing'] as const)
  const bodyOf = (event: Loose): Loose => ((event['data'] as Loose)['post'] as Loose)['body'] as Loose
  if (executed.length === 0) return null
  const own = executed[at] as Loose
  const body = bodyOf(own)
  let places: readonly DifferencePlace[] = []
  if (what === 'value') {
    const paths = leaves(body['data'] as Json)
    const path = pick(random, paths)
    const box = valueOf(body['data'] as Json, path.slice(0, -1)) as Loose
    box[path.at(-1)!] = `${String(box[path.at(-1)!])} planted`
    places = ['output']
  } else if (what === 'parameter') {
    const source = body['source'] as Loose
    source['parameters'] = { ...(source['parameters'] as Loose), planted: 'yes' }
    places = ['parameters']
  } else if (what === 'error') {
    body['errors'] = [...(Array.isArray(body['errors']) ? body['errors'] : []), 'planted']
    places = ['errors']
  } else if (what === 'missing') sent.splice(sent.indexOf(own), 1)
  const derived = deriveEvents(postsOf(sent as unknown as RunEvent[]), { runId: 'c', workflow: made.workflow })
  const a = comparedOf(events, made.workflow, today.seconds)
  const b: ComparedRun = { ...comparedOf(derived, clone(made.workflow), today.seconds), origin: 'captured' }
  const posted = finishedOf(events)
  return { a, b, step: posted[at] ?? -1, places, what: `${what} in posts` }
}

/** Numbers of the steps that sent a post, in the order of their posts. */
function finishedOf(events: readonly RunEvent[]): readonly number[] {
  const last = new Map<string, number>()
  const steps: number[] = []
  let count = 0
  for (const { type, data, runId } of events) {
    const walk = `${runId} ${(data as { readonly job?: string }).job ?? ''}`
    if (type === 'node.finished') last.set(walk, ++count)
    if (type === 'post' && data.post.path.includes('/exec/')) steps.push(last.get(walk) ?? 0)
  }
  return steps
}
