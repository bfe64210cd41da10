// Files of other tools come from anywhere, and what is posted may hold the very words by which they are told apart: nothing is lost, taken for
// another form or given a time that it does not have, and what is cut off is said.
import { expectLinear } from './work.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExecutionLog, parseLogExport, runsOfLog } from '../../src/host/capture/import/execution-log.ts'
import { requestsOf, timeOf } from '../../src/host/capture/import/foreign/bins.ts'
import { jsonTexts } from '../../src/host/capture/import/foreign/json-texts.ts'
import { requestsOfOutput } from '../../src/host/capture/import/foreign/listener-output.ts'
import { readImport } from '../../src/host/capture/import/source.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'

const folder = temporaryFolders()
const source = { node_id: 2, module_id: 'webhook', filters: [], parameters: {} }
const bodyWith = (data: object): string =>
  JSON.stringify({ source, timestamp: '2026-10-21T08:30:01+00:00', data, errors: [] })

async function postsOf(text: string): Promise<readonly string[]> {
  const file = join(folder(), 'given.json')
  writeFileSync(file, text)
  const bodies: string[] = []
  for await (const batch of readImport(file, 'given'))
    if (batch.kind !== 'log') bodies.push(...batch.posts.map(({ body }) => body.toString()))
  return bodies
}

describe('a body that holds the words of another form', () => {
  const hostile: Readonly<Record<string, string>> = {
    'of docker': bodyWith({ Event: { id: '1', log: '{"log":"x"}' } }),
    'of journald': bodyWith({ MESSAGE: 'x' }),
    'of posts one a line': bodyWith({ target: '/x', at: '2024-01-01' }),
    'of an export of requests': bodyWith([{ method: 'POST', url: '/x', body: 'y' }]),
    'of JavaScript': bodyWith({ Event: JSON.parse('{"__proto__":{"id":1},"constructor":"x","toString":1}') as object })
  }
  for (const [name, text] of Object.entries(hostile))
    it(`${name} is a body`, async () => {
      expect(await postsOf(text)).toEqual([text])
      expect(await postsOf(`${text}\n${text}\n`)).toEqual([text, text])
    })
})

describe('a text of several that is cut off', () => {
  const body = bodyWith({ Event: { id: '1' } })
  for (const [name, text] of Object.entries({
    'at its end': `${body}\n${body.slice(0, -20)}`,
    'in between': `${body}\n}\n${body}`,
    'with a wrong one': `${body}\n{not: json}\n${body}`
  }))
    it(`${name} is refused with its number`, async () => {
      await expect(postsOf(text)).rejects.toMatchObject({
        code: 'INPUT_NOT_JSON',
        message: expect.stringContaining('text 2') as string
      })
    })
})

describe('a request of a bin', () => {
  it('takes no duration and no text for a date', () => {
    expect([120, 0, -5, 350_000_000, 'webhook 5', '12', 'took 3 ms'].map(timeOf)).toEqual(Array(7).fill(null))
    expect(timeOf(1_760_000_000)).toBe(1_760_000_000_000)
    expect(timeOf('Wed, 21 Oct 2026 08:30:00 GMT')).toBe(Date.UTC(2026, 9, 21, 8, 30))
  })

  it('whose address could not be read again is refused', async () => {
    const body = bodyWith({ Event: {} })
    const long = (more: object): string => JSON.stringify([{ method: 'POST', url: '/x', body, ...more }])
    await expect(postsOf(long({ url: `/${'x'.repeat(5_000_000)}` }))).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' })
    await expect(postsOf(long({ method: 'x'.repeat(5_000_000) }))).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' })
    expect(await postsOf(long({ headers: { a: 'x'.repeat(5_000_000) } }))).toEqual([body])
  })

  it('may have any type in any place', () => {
    const strange: unknown[] = [
      null,
      true,
      -1,
      1e300,
      '',
      'x',
      [],
      {},
      [null],
      [[1]],
      JSON.parse('{"toString":1,"valueOf":2}')
    ]
    const request = {
      method: 'POST',
      url: '/x',
      query: { a: 1 },
      headers: { a: ['b'] },
      body: { text: 'x' },
      time: 'y'
    }
    for (const key of Object.keys(request))
      for (const one of strange) {
        requestsOf([{ ...request, [key]: one }])
        requestsOf({ log: { entries: [{ request: { ...request, [key]: one }, startedDateTime: one }] } })
      }
  })
})

describe('what MISP’s listener printed', () => {
  const whole = "{'data': {'Event': {'id': '1'}},\n 'source': {'node_id': 2}}\n"
  it('is read behind a value that was cut off', () => {
    expect([...requestsOfOutput(`{'data': [\n${whole}`)]).toHaveLength(1)
    expect([...requestsOfOutput(`{'data':\n${whole}{'x': [1,\n${whole}`)]).toHaveLength(2)
  })

  it('is read in time that grows with its length', () => {
    const cut = (size: number): string => "{'a':[\n".repeat(size / 4) + ' 1,\n'.repeat(size)
    expectLinear(cut, (text) => [...requestsOfOutput(text)], 400)
    expectLinear(
      (size) => '{"a":"\\\\\\"' + '{['.repeat(size),
      (text) => [...jsonTexts(text)],
      2000
    )
  })
})

describe('MISP’s log', () => {
  const entry = (message: string, second = 0): string =>
    `[2024-10-21 12:00:0${second}] Workflow(1:event-publish). ${message}`
  const started = 'Started executing workflow for trigger `event-publish` (1)'
  const finished = 'Finished executing workflow for trigger `event-publish` (1). Outcome: success'

  it('keeps an entry with a separator of lines in it', () => {
    const [first, second] = parseExecutionLog([entry(started), entry('Error: a\u2028b\rc'), entry(finished)].join('\n'))
    expect(first?.message).toBe(started)
    expect(second?.message).toBe('Error: a\u2028b\rc')
  })

  for (const [name, prefix] of Object.entries({
    'a plain log': '',
    docker: 'web-1  | ',
    journald: 'Oct 21 12:00:00 h misp[5]: '
  }))
    it(`takes no entry out of a message, in ${name}`, () => {
      const told = `told: ${entry(finished.replace('success', 'blocked'))}`
      const lines = [entry(started), entry('Error: a'), told, entry(finished, 1)].map((line) => `${prefix}${line}`)
      const entries = parseExecutionLog(lines.join('\n'))
      expect(entries).toHaveLength(3)
      expect(entries[1]?.message).toBe(`Error: a\n${told}`)
      expect(runsOfLog(entries)).toMatchObject([{ outcome: 'success' }])
    })

  it('as an export has any type as its id', () => {
    const row = { model: 'Workflow', action: 'execute_workflow', title: started, created: '2024-10-21 12:00:00' }
    const ids = [JSON.parse('{"toString":1,"valueOf":2}'), [], null, 5, '7'] as unknown[]
    expect(parseLogExport(ids.map((id) => ({ Log: { ...row, id, model_id: id } })))).toHaveLength(5)
  })
})
