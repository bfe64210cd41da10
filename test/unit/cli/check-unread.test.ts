// `retrace check` where a part of what was given cannot be read: it is told as a problem with its place, and the rest is checked.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Log } from 'sarif'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'

const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const fine = JSON.stringify(guard, null, 2)

function put(files: Readonly<Record<string, string | Buffer>>): string {
  const root = folder()
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), bytes)
  }
  return root
}

interface Row {
  readonly ruleId: string
  readonly file: string
  readonly line: number | null
  readonly column: number | null
}

async function listed(root: string, ...places: readonly string[]) {
  const { status, out, err } = await retrace(root, 'check', ...places, '--format', 'json')
  const rows = JSON.parse(out === '' ? '[]' : out) as Row[]
  return { status, err, rows: rows.map(({ file, ruleId }) => [file, ruleId]), places: rows }
}

describe('retrace check of what cannot be read', () => {
  it('tells of a folder what is empty, no text or UTF-16, as these may have been workflows', async () => {
    const root = put({
      'in/a.json': '',
      'in/b.json': ' \n',
      'in/c.json': Buffer.from([0x89, 0x50, 0xff, 0]),
      'in/d.json': Buffer.from(`\ufeff${fine}`, 'utf16le'),
      'in/e.json': Buffer.from(fine, 'utf16le'),
      'in/ok.json': fine,
      // Known to be something else: a case by its name, another tool's file by its text.
      'in/x.case.json': '',
      'in/tool.json': '{ // none of ours'
    })
    const { status, rows, err } = await listed(root, 'in')
    expect([status, err]).toEqual([3, ''])
    expect(rows).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => [`in/${name}.json`, 'WORKFLOW_INVALID']))
    const { out } = await retrace(root, 'check', 'in')
    expect(out.trimEnd().split('\n').at(-1)).toBe('5 errors, 0 warnings in 1 workflow of 6 files')
  })

  it('counts a file that cannot be read as one', async () => {
    const { out } = await retrace(put({ 'in/cut.json': fine.slice(0, -9) }), 'check', 'in')
    expect(out).toContain('1 error, 0 warnings in 0 workflows of 1 file\n')
  })

  it('names what it left out also where nothing is left', async () => {
    const root = put({ 'in/tool.json': '{ // none of ours', 'in/x.json': '{}' })
    const { status, err } = await retrace(root, 'check', 'in')
    expect([status, err]).toEqual([
      3,
      [
        'note 1 JSON file is neither workflow nor blueprint, left out',
        'note left out, as they cannot be read as JSON: in/tool.json',
        'error FILE_NOT_FOUND: There is no workflow or blueprint in in.\n'
      ].join('\n')
    ])
  })

  it('checks the rest where something given is not there', async () => {
    const root = put({ 'ok.json': fine })
    symlinkSync('nowhere', join(root, 'link.json'))
    const { status, rows, err } = await listed(root, 'none.json', 'ok.json', 'link.json')
    expect([status, err]).toEqual([3, ''])
    expect(rows).toEqual([
      ['none.json', 'WORKFLOW_INVALID'],
      ['link.json', 'WORKFLOW_INVALID']
    ])
    const { out } = await retrace(root, 'check', 'none.json', 'ok.json', '--format', 'sarif')
    expect((JSON.parse(out) as Log).runs[0]?.results).toHaveLength(1)
    expect((await retrace(root, 'check', 'none.json')).err).toContain('error FILE_NOT_FOUND')
  })

  it('says in every form where a text stops being JSON', async () => {
    const root = put({ 'in/cut.json': `${fine.slice(0, -1)}\n  ?` })
    const { places } = await listed(root, 'in')
    const line = fine.split('\n').length + 1
    expect(places).toMatchObject([{ line, column: 3 }])
    const { runs } = JSON.parse((await retrace(root, 'check', 'in', '--format', 'sarif')).out) as Log
    expect(runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.region).toMatchObject({
      startLine: line,
      startColumn: 3
    })
  })

  it('refuses to pick of a file what is not in it, also where it holds only one', async () => {
    const root = put({ 'ok.json': fine, 'list.json': JSON.stringify([guard, guard]), 'e/e.json': '{"Event": {}}' })
    const said = async (...args: string[]): Promise<string> => (await retrace(root, ...args)).err
    const none = 'error INPUT_SEVERAL: ok.json has no entry “zzz”; it has 1 entry.'
    expect(await said('check', 'ok.json', '--pick', 'zzz')).toContain(none)
    expect(await said('coverage', 'ok.json', '--events', 'e', '--pick', 'zzz')).toContain(none)
    const impact = ['--events', 'e', '--against']
    expect(await said('impact', 'ok.json', ...impact, 'ok.json', '--pick', 'zzz')).toContain(none)
    // It is about the one that holds several.
    for (const [one, other] of [
      ['ok.json', 'list.json'],
      ['list.json', 'ok.json'],
      ['list.json', 'list.json']
    ] as const)
      expect(await said('impact', one, ...impact, other, '--pick', '1')).not.toContain('error')
    expect((await retrace(root, 'check', 'ok.json', 'list.json', '--pick', '1')).status).toBe(0)
  })

  it('finds names in capitals', async () => {
    const root = put({ 'in/W.JSON': fine.slice(0, -9) })
    expect((await listed(root, 'in')).rows).toEqual([['in/W.JSON', 'WORKFLOW_INVALID']])
    const events = put({ 'ok.json': fine, 'e/E.JSON': JSON.stringify(eventOf(1)), 'e/E.META.JSON': '{}' })
    const { out, err } = await retrace(events, 'coverage', 'ok.json', '--events', 'e', '--json')
    expect([err, JSON.parse(out)]).toEqual(['', expect.objectContaining({ runs: 1, leftOut: 0 })])
  })

  it('refuses a .retrace.json that is a link to nothing', async () => {
    const root = put({ 'in/ok.json': fine })
    symlinkSync('nowhere', join(root, 'in/.retrace.json'))
    const { status, err } = await retrace(root, 'check', 'in')
    expect([status, err]).toEqual([3, 'error SUPPRESSION_INVALID: in/.retrace.json: it is a link to nothing.\n'])
  })
})
