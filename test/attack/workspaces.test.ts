// Random workspaces: the one of version 0.1.0 with files damaged, changed, exchanged and taken away at random. Retrace opens each, says nothing
// without a code, takes posts meanwhile, and deletes nothing.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { closeSockets, damages, printsOf } from './damage.ts'
import { repeat, scale, seeded } from './scale.ts'
import { postTo, visit } from './visit.ts'

const fixture = fileURLToPath(new URL('../fixtures/workspace-0.1.0/workspace', import.meta.url))
const folder = temporaryFolders()
afterEach(closeSockets)

type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

const oddities: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    'x',
    '../../x',
    'a'.repeat(10_000),
    [],
    {},
    [[]],
    { a: { b: [null] } }
  ],
  ...[
    -(2 ** 31),
    Number.MAX_SAFE_INTEGER,
    '{}',
    JSON.parse('{"__proto__":{"x":1},"a":1}') as unknown,
    'x'.repeat(100_000)
  ],
  ...['__proto__', 'constructor', '\u0000', '\ud800', '2024-13-45T99:99:99Z', 'CON', 99, '9'.repeat(400)]
]

/** Puts something odd in a random place of a value. */
function change(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) return pick(random, oddities)
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>
  const keys = Object.keys(copy)
  if (keys.length === 0) return pick(random, oddities)
  const key = pick(random, keys)
  const how = random()
  if (how < 0.15) delete copy[key]
  else if (how < 0.25) copy[`${key}2`] = copy[key]
  else copy[key] = change(copy[key], random)
  return copy
}

/** Every leaf gets another type, here and there. */
function retype(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((part) => retype(part, random))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, retype(part, random)]))
  return random() < 0.3 ? pick(random, oddities) : value
}

/** Of JSON, and of lines of JSON; other files get a changed byte. */
function changeText(bytes: Buffer, random: Random): Buffer {
  const how = random() < 0.2 ? retype : change
  const lines = bytes.toString('utf8').split('\n')
  try {
    return Buffer.from(JSON.stringify(how(JSON.parse(bytes.toString('utf8')), random)))
  } catch {
    const at = Math.floor(random() * lines.length)
    try {
      lines[at] = JSON.stringify(how(JSON.parse(lines[at]!), random))
      // The same once more: ids that are there twice.
      if (random() < 0.1) lines.splice(at, 0, lines[at])
      return Buffer.from(lines.join('\n'))
    } catch {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
      return copy
    }
  }
}

/** Large ones would only take time. */
const quick = damages.filter(({ name }) => name !== 'gigabytes of zeros')

function mutate(workspace: string, outside: string, random: Random): string {
  const files = [...printsOf(workspace).keys()].filter((name) => lstatSync(join(workspace, name)).isFile())
  if (files.length === 0) return 'nothing'
  const name = pick(random, files)
  const file = join(workspace, name)
  const how = random()
  if (how < 0.5) {
    writeFileSync(file, changeText(readFileSync(file), random))
    return `${name}: changed`
  }
  if (how < 0.8) {
    const damage = pick(random, quick)
    damage.do(file, outside)
    return `${name}: ${damage.name}`
  }
  const other = pick(random, files)
  if (how < 0.88) {
    if (other !== name) cpSync(join(workspace, other), file)
    return `${name}: content of ${other}`
  }
  if (how < 0.94) {
    const to = join(
      dirname(file),
      pick(random, [
        'CON.json',
        'x..json',
        '1.json',
        'COPY.json',
        'index.ndjson',
        '000009.cseg',
        '000009.seg',
        '7.json',
        'é.json'
      ])
    )
    if (!existsSync(to)) renameSync(file, to)
    return `${name}: renamed to ${to.slice(workspace.length)}`
  }
  rmSync(file)
  return `${name}: gone`
}

/** What Retrace itself writes anew: it is there under its name, with other content. */
const isWritten =
  /^(catalogue\.json|retrace\.log(\.1)?|runs\/index\.ndjson|runs\/outlines\/.*|capture\/(runs|corrections|removed)\.ndjson|capture\/\d+\.seg)$/

/** Throws with the seed and what was done. */
async function attack(root: string, seed: number): Promise<void> {
  const random = seeded(seed)
  const [workspace, outside] = [join(root, String(seed), 'w'), join(root, String(seed), 'o')]
  cpSync(fixture, workspace, { recursive: true })
  mkdirSync(outside)
  // A module takes an interpreter wherever modules are told.
  const isWithModules = random() < 0.2
  if (!isWithModules) rmSync(join(workspace, 'modules'), { recursive: true })
  writeFileSync(join(outside, 'secret.json'), '{}')
  const done = Array.from({ length: 1 + Math.floor(random() ** 2 * 16) }, () => mutate(workspace, outside, random))
  const said = `seed ${seed}: ${done.join('; ')}`
  const [before, around] = [printsOf(workspace), printsOf(outside)]
  const options = { workspace, shell: 'terminal', version: '0', workerUrl: null, listen: true } as const
  const host = await createHost(options).catch((error: unknown) => {
    throw new Error(said, { cause: error })
  })
  try {
    // Settings that were changed may ask for a secret.
    const status = await postTo(host)
    expect(
      done.some((one) => /^catalogue\.json|catalogue\.json$/.test(one)) ? [200, 401, 404, 413] : [200],
      said
    ).toContain(status)
    const { uncoded } = await visit(host, isWithModules, () => random() < 0.3)
    expect(uncoded, said).toEqual([])
  } finally {
    await host.close()
  }
  const after = printsOf(workspace)
  const prints = new Set(after.values())
  // A removal that was begun is finished: what it leaves is compacted.
  const isCompacted = done.some((one) => one.includes('capture/removed.ndjson'))
  const isMoved = (name: string): boolean => isCompacted && /^capture\/(.*seg|bodies\/.*)$/.test(name)
  const lost = [...before].filter(
    ([name, print]) => !prints.has(print) && !(isWritten.test(name) && after.has(name)) && !isMoved(name)
  )
  expect(lost, said).toEqual([])
  expect(printsOf(outside), said).toEqual(around)
  rmSync(join(root, String(seed)), { recursive: true, force: true })
}

const count = Number(process.env.RETRACE_COUNT ?? repeat(8, 5000))

it(`opens ${count} random workspaces`, { timeout: scale(120_000, 7_200_000) }, async () => {
  const root = folder()
  const first = Number(process.env.RETRACE_SEED ?? 1)
  let seed = first
  const next = async (): Promise<void> => {
    while (seed < first + count) await attack(root, seed++)
  }
  // Side by side: each waits most of its time.
  const attacks = Array.from({ length: 6 }, next)
  await Promise.all(attacks).finally(() => (seed = first + count))
  await Promise.allSettled(attacks)
})
