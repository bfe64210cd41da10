// Every sentence that Retrace says of a run is held against the run's data: what it claims is counted and read again by other code.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEventMap } from '../../src/contract/run.ts'
import type { Sentence } from '../../src/contract/sentence.ts'
import { checkWorkflow } from '../../src/engine/check/check.ts'
import { lookAtFilter } from '../../src/engine/conditions/look-filter.ts'
import { previewOf } from '../../src/engine/format/preview.ts'
import { parseWorkflow } from '../../src/engine/graph/parse.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { underPhp } from '../../src/engine/php/version.ts'
import { profiles } from '../../src/engine/profiles/profiles.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { createRoamingData } from '../../src/engine/run/roaming-data.ts'
import { whyNotRun } from '../../src/engine/run/why-not/run.ts'
import { changesBetween } from '../../src/host/worker/values/changes.ts'
import { explainerOf } from '../../src/host/worker/values/explain-node.ts'
import { reasonOf } from '../../src/host/worker/values/reason.ts'
import { scale } from '../attack/scale.ts'
import { contradictions } from './claims/hold.ts'
import { recordedNames, recordedRun, seededRun, vectors } from './claims/runs.ts'
import type { ToldRun } from './claims/runs.ts'
import type { Subject } from './claims/subject.ts'

type Finished = RunEventMap['node.finished']

/** Sentences and what they speak of, of all kinds. */
class Told {
  readonly wrong: string[] = []
  sentences = 0
  claims = 0

  hear(kind: string, said: Sentence | null, subject: Subject): void {
    if (said === null) return
    this.sentences++
    this.claims += said.claims.length
    for (const problem of contradictions(said, subject)) this.wrong.push(`${kind}: ${problem}`)
  }

  run(run: ToldRun): void {
    const before = this.wrong.length
    const graph = run.workflow['data'] as JsonMap
    const nodes = Object.values(graph).map((node) => node as JsonMap)
    const ids = new Map(nodes.map((node) => [String(node['id']), String((node['data'] as JsonMap)?.['id'])]))
    this.#steps(run, nodes)
    this.#checks(run, nodes, ids)
    for (let i = before; i < this.wrong.length; i++) this.wrong[i] = `${run.id}, ${this.wrong[i]}`
  }

  #steps(run: ToldRun, nodes: readonly JsonMap[]): void {
    const explain = explainerOf(run.workflow)
    const fold = new RunFold({ explain })
    for (const event of run.events) fold.apply(event)
    const finished = run.events.flatMap((event) => (event.type === 'node.finished' ? [event.data] : []))
    for (const [i, node] of finished.entries()) {
      const saved = nodes.find(
        ({ id, data }) => String(id) === String(node.nodeId) && (data as JsonMap)?.['id'] === node.moduleId
      )
      const effects = fold.data[i]?.effects ?? []
      const rows = fold.changes.flatMap(({ step, change }) => (step === i + 1 ? [change] : []))
      const subject = { ...subjectOf(run, node, saved), effects, rows }
      // What an action read, not what it left.
      const own =
        node.moduleType === 'action' ? { ...subject, view: viewOf(node.before, run.profile) ?? node.view } : subject
      this.hear('explain', explain(run.profile, node, effects), own)
      this.hear('why', reasonOf({ fold, workflow: run.workflow }, i + 1), own)
      this.#changes(run, node, subject)
      if (subject.filters) this.#filter(run, subject)
    }
  }

  #changes({ profile }: ToldRun, { before, after, view }: Finished, subject: Subject): void {
    const { words, changes } = changesBetween(before, after, Infinity, { profile })
    for (const said of words) this.hear('change', said, { ...subject, changes: said.of.map((at) => changes[at]!) })
    // As debug posts tell it: through the filters that are on.
    const seen = viewOf(after, profile)
    if (seen === null) return
    const told = changesBetween(view, seen, Infinity, { profile, posts: true })
    for (const said of told.words)
      this.hear('change in posts', said, {
        ...{ ...subject, input: view, output: seen },
        changes: said.of.map((at) => told.changes[at]!)
      })
  }

  #filter({ profile }: ToldRun, { view = null, filters = {} }: Subject): void {
    const look = underPhp(profiles[profile].php, () => lookAtFilter(view, filters, 20, previewOf, profiles[profile]))
    this.hear('filter', look.summary, { view, filters })
    for (const { reason } of look.shown) this.hear('item', reason, { view, filters })
  }

  #checks(
    { workflow, profile, settings, trigger, data }: ToldRun,
    nodes: readonly JsonMap[],
    ids: ReadonlyMap<string, string>
  ): void {
    const parsed = parseWorkflow(workflow as Json, 'the workflow')
    const { errors, warnings } = checkWorkflow(parsed, { profile, settings })
    for (const { message: text, claims = [], nodeIds } of [...errors, ...warnings]) {
      const node = nodes.find(({ id }) => String(id) === String(nodeIds[0]))
      const own = (node?.['data'] ?? {}) as JsonMap
      const definition = modulesOf(profile).byId(String(own['id']))
      const params = (own['indexed_params'] ?? {}) as JsonMap
      const filters = (own['saved_filters'] ?? {}) as JsonMap
      this.hear('check', { text, claims, verdict: 'depends' }, { nodes: ids, nodeIds, params, filters, definition })
    }
    const report = whyNotRun({ profile, trigger, data: data as JsonMap, workflow: parsed, settings })
    const states = report.checks.map(({ state }) => state)
    const params = (nodes.find(({ data: of }) => (of as JsonMap)?.['id'] === trigger)?.['data'] as JsonMap)?.[
      'indexed_params'
    ]
    const subject = { nodes: ids, settings, states, input: data, params: (params ?? {}) as JsonMap }
    for (const { text, claims } of report.checks) this.hear('why not', { text, claims, verdict: 'depends' }, subject)
    this.hear('why not', { text: report.summary, claims: report.claims, verdict: 'depends' }, subject)
  }
}

function subjectOf({ profile }: ToldRun, node: Finished, saved: JsonMap | undefined): Subject {
  const data = saved?.['data'] as JsonMap | undefined
  const filters = data?.['saved_filters']
  // A module that returned before it read its parameters, or was not executed, is told of those that are saved.
  const isRead = Object.keys(node.params).length > 0
  const params = isRead ? node.params : ((data?.['indexed_params'] ?? {}) as JsonMap)
  return {
    ...{ input: node.before, output: node.after, view: node.view, params },
    definition: modulesOf(profile).byId(node.moduleId),
    ...(filters ? { filters: filters as JsonMap } : {})
  }
}

/** What modules read behind the step: null where MISP fails at it. */
function viewOf(stored: Json, profile: ToldRun['profile']): Json | null {
  try {
    return underPhp(profiles[profile].php, () => createRoamingData(stored, profiles[profile]).getData())
  } catch {
    return null
  }
}

const most = 15

describe('what sentences claim', () => {
  it.skipIf(!existsSync(`${vectors}/runs`))(
    'holds in the data of the runs that MISP recorded',
    () => {
      const told = new Told()
      const names = recordedNames()
      const step = scale(4, 1)
      for (let i = 0; i < names.length; i += step) {
        const run = recordedRun(names[i]!)
        if (run) told.run(run)
      }
      expect(told.wrong.slice(0, most), `${told.wrong.length} of ${told.sentences} sentences`).toEqual([])
      expect(told.claims).toBeGreaterThan(told.sentences)
    },
    scale(30_000, 600_000)
  )

  it(
    'holds in the data of seeded runs, with filters, pins, disabled nodes and settings that are off',
    () => {
      const told = new Told()
      for (let seed = 1; seed <= scale(60, 1000); seed++) told.run(seededRun(seed))
      expect(told.wrong.slice(0, most), `${told.wrong.length} of ${told.sentences} sentences`).toEqual([])
      expect(told.sentences).toBeGreaterThan(scale(60, 1000) * 5)
    },
    scale(30_000, 600_000)
  )
})
