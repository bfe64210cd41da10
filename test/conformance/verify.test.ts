// Recorded runs sent through the listener and verified: with all that was around them nearly each is equal, and whatever is missing none
// is ever different.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VerifyReport } from '../../src/contract/verify.ts'
import { scale } from '../attack/scale.ts'
import type { RunCase } from './adapter.ts'
import { allRecorded } from './recorded.ts'
import { postsOfCase, verifySent, workspaceOf, type Given } from './verify-runs.ts'

/** MISP posts nothing with debug mode off, before a workflow starts, or to a listener that is not there. */
const silent = [
  ...['run-003', 'run-009', 'run-014', 'run-083', 'run-085', 'run-143', 'run-144', 'run-145', 'run-149', 'run-150'],
  ...['run-168', 'run-284', 'run-285', 'run-287']
]
/** PHP's own error ended the run: a custom module of a workspace cannot throw one. */
const untold = ['run-126']

const short = (c: RunCase): string => c.id.slice(0, 7)
const all = allRecorded()
/** So many, from everywhere in the list. */
const some = (count: number): readonly RunCase[] =>
  all.filter((_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length))
/** In npm run test:long a fifth, all of them with --full. */
const fifth = Math.round(all.length / 5)
const chosen = some(scale(15, fifth, all.length))

async function verified(c: RunCase, given: Given): Promise<readonly VerifyReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-verify-'))
  const host = await workspaceOf(folder, c, given)
  try {
    return await verifySent(host, postsOfCase(c))
  } finally {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const told = ({ verdict, first, missing }: VerifyReport): string =>
  `${verdict}: ${first === null ? missing.map(({ text }) => text.text).join(' ') : `${first.kind} ${first.step} ${first.cause.text}`}`

describe.skipIf(all.length === 0)('recorded runs', () => {
  it('are equal with the world, the settings and the answers that MISP had', async () => {
    const others: string[] = []
    for (const c of chosen) {
      if (silent.includes(short(c))) expect(postsOfCase(c)).toEqual([])
      else {
        const reports = await verified(c, { world: true, settings: true, answers: true })
        expect(reports.length).toBeGreaterThan(0)
        if (reports.some(({ verdict }) => verdict !== 'equal')) others.push(`${short(c)} ${reports.map(told).join()}`)
      }
    }
    expect(others.map((one) => one.slice(0, 7))).toEqual(untold.filter((id) => chosen.some((c) => short(c) === id)))
    expect(others.join('\n')).not.toContain('different')
  }, 600_000)

  it.each([
    ['world', { world: false, settings: true, answers: true }],
    ['settings', { world: true, settings: false, answers: true }],
    ['answers', { world: true, settings: true, answers: false }],
    ['surroundings', { world: false, settings: false, answers: false }]
  ])(
    'are never different without their %s',
    async (_, given) => {
      const different: string[] = []
      for (const c of some(scale(5, fifth, all.length))) {
        if (silent.includes(short(c))) continue
        const reports = await verified(c, given)
        for (const report of reports) if (report.verdict === 'different') different.push(`${c.id} ${told(report)}`)
      }
      expect(different).toEqual([])
    },
    600_000
  )
})
