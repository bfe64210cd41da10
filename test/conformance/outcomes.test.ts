// How published blueprints and the demonstrations end under every version of MISP: the tables of docs/outcomes.md are made here, and held
// equal. `RETRACE_UPDATE=1` writes them. Blueprints are other people's: only their names and outcomes stand there, and without their files
// their table is not compared.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Params } from '../../src/contract/operations.ts'
import { profileIds } from '../../src/engine/profiles/profiles.ts'
import { ask, hosting } from '../unit/host/hosting.ts'

const root = join(import.meta.dirname, '..', '..')
const file = join(root, 'docs', 'outcomes.md')
const vectors = join(root, '..', 'shared', 'vectors')
const { open, folder } = hosting()
const oldest = [...profileIds].reverse()

type Host = Awaited<ReturnType<typeof open>>
type Run = Pick<Params<'run.start'>, 'workflow' | 'data'> & { readonly options?: JsonMap }

/** A row: the outcome under each version, oldest first, and by which change one differs from the one before it. */
async function rowOf(host: Host, name: string, { workflow, data, options = {} }: Run): Promise<string> {
  const cells: (string | null)[] = []
  const rules = new Set<string>()
  for (const [i, to] of oldest.entries()) {
    const from = oldest[i - 1]
    if (from === undefined) continue
    const given = { ...options, now: '2024-10-21T12:00:00+00:00' }
    const found = await ask(host, 'upgrade.compare', { workflow, data, from, to, options: given })
    if (found.state === 'refused') throw new Error(`${name}: ${found.why}`)
    const [before, after] = found.state === 'same' ? [found.outcome, found.outcome] : found.outcomes
    if (cells.length === 0) cells.push(before)
    cells.push(after)
    if (found.state === 'same') continue
    const by = found.rules.map((rule) => rule.name).join(' + ') || 'not told'
    rules.add(`${to}: ${by}${found.nodeId === null ? '' : ` (node ${found.nodeId})`}`)
  }
  return `| ${[name, ...cells, [...rules].join('; ')].map((cell) => (cell ?? 'no end').replaceAll('|', '\\|')).join(' | ')} |`
}

const tableOf = (what: string, rows: readonly string[]): string =>
  [
    `| ${what} | ${oldest.join(' | ')} | what changes it |`,
    `|---|${oldest.map(() => '---|').join('')}---|`,
    ...rows
  ].join('\n')

async function demonstrations(): Promise<string> {
  const rows: string[] = []
  const from = join(root, 'resources', 'workspaces')
  for (const name of readdirSync(from).sort()) {
    const copy = join(folder(), name)
    cpSync(join(from, name), copy, { recursive: true })
    const host = await open(copy)
    const mocks = await ask(host, 'mocks.list', {})
    for (const { id, name: called } of await ask(host, 'workflows.list', {}))
      for (const { id: dataId, name: data } of await ask(host, 'data.list', {})) {
        const set = mocks.find(({ workflowId }) => workflowId === id)
        const options: JsonMap = set ? { mockSet: set.id, effects: { policy: 'mock' } } : {}
        rows.push(
          await rowOf(host, `${name}: ${called}, ${data}`, { workflow: { workflowId: id }, data: { dataId }, options })
        )
      }
  }
  return tableOf('demonstration: workflow, data', rows.sort())
}

interface Recorded extends JsonMap {
  readonly mode: string
  readonly blueprint_file: string
  readonly workflow: JsonMap
  readonly input_data: JsonMap
  readonly settings: JsonMap
  readonly world: JsonMap
  readonly requests: readonly JsonMap[]
}

const read = <T>(...names: string[]): T => JSON.parse(readFileSync(join(vectors, ...names), 'utf8')) as T

/** Of each blueprint the recorded run that went furthest. */
function blueprintRuns(): readonly Recorded[] {
  const byFile = new Map<string, Recorded>()
  const names = readdirSync(join(vectors, 'runs'))
    .filter((name) => /^run-\d+-blueprint-/.test(name))
    .sort()
  for (const run of names.map((name) => read<Recorded>('runs', name))) {
    if (run.mode !== 'executeWorkflow' || run.blueprint_file === undefined) continue
    const known = byFile.get(run.blueprint_file)
    if (!known || run.requests.length > known.requests.length) byFile.set(run.blueprint_file, run)
  }
  return [...byFile.values()]
}

function around({ world, settings }: Recorded): JsonMap {
  const base = read<{ world: JsonMap; events: JsonMap }>('world.json')
  const parts = Object.entries(world)
    .filter(([part]) => part !== 'events' && part !== 'host_org_id')
    .map(([part, rows]) => [part, rows === '(base)' ? base.world[part] : rows])
  const events = Object.values({ ...base.events, ...(world['events'] as JsonMap) }).map(
    (event) => (event as { Event?: Json; event?: Json }).event ?? event
  )
  const listed = read<{ modules: Json }>('service-modules.json').modules
  return { world: { ...Object.fromEntries(parts), events, service_modules: listed }, settings } as JsonMap
}

function answersIn(value: Json): JsonMap[] {
  if (typeof value !== 'object' || value === null) return []
  const { misp_modules_queries: own, ...rest } = value as JsonMap
  return [...((own ?? []) as JsonMap[]), ...Object.values(rest).flatMap((item) => answersIn(item as Json))].filter(
    ({ request }) => (request as JsonMap | undefined)?.['module'] !== 'jinja_template_rendering'
  )
}

async function blueprints(): Promise<string> {
  const rows: string[] = []
  for (const run of blueprintRuns()) {
    const host = await open()
    const answers = answersIn(run).map(({ request, status, response }) => ({
      request: request as Json,
      reply: { status: Number(status), json: response ?? null }
    }))
    if (answers.length > 0) await ask(host, 'answers.import', { name: 'service', text: JSON.stringify(answers) })
    const name = run.blueprint_file.replace(/^blueprint_|(_\d+)?\.json$/g, '')
    const options = { ...around(run), effects: { policy: 'recorded' } }
    rows.push(await rowOf(host, name, { workflow: { json: run.workflow }, data: { json: run.input_data }, options }))
  }
  return tableOf('blueprint', rows.sort())
}

const markOf = (name: string): readonly [string, string] => [`<!-- ${name} -->`, `<!-- end of ${name} -->`]

function between(text: string, name: string): string {
  const [begin, end] = markOf(name)
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)).trim()
}

function holdEqual(name: string, table: string): void {
  const text = readFileSync(file, 'utf8')
  const [begin, end] = markOf(name)
  if (process.env.RETRACE_UPDATE) {
    const [head, tail] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))]
    writeFileSync(file, `${head}${begin}\n\n${table}\n\n${tail}`)
  } else
    expect(between(text, name).replace(/ +/g, ' ').replace(/-+/g, '-')).toBe(
      table.replace(/ +/g, ' ').replace(/-+/g, '-')
    )
}

describe('docs/outcomes.md', () => {
  it('says how the demonstrations end under every version', async () => {
    holdEqual('demonstrations', await demonstrations())
  }, 60_000)

  it.runIf(existsSync(join(vectors, 'runs')))(
    'says how the published blueprints end under every version',
    async () => {
      holdEqual('blueprints', await blueprints())
    },
    60_000
  )
})
