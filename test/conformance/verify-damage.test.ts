// Verify finds what a script damaged in recorded runs, at its step and by its kind, and nothing in those that are as MISP sent them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VerifyReport } from '../../src/contract/verify.ts'
import { scale, seeded } from '../attack/scale.ts'
import type { RunCase } from './adapter.ts'
import { recorded } from './recorded.ts'
import { damage, damages, timed, walkOf } from './verify-damage.ts'
import { verifySent, workspaceOf, type SentPost } from './verify-runs.ts'

/** Other seeds damage other runs at other places. */
const seed = Number(process.env.RETRACE_SEED ?? 16)

/** Whose trigger looks its event up in MISP's database: what its post shows of that is taken as it stands. */
const looksUp = (c: RunCase): boolean => /tagtrigger|natural/.test(c.id)
const all = recorded().filter((c) => walkOf(c) !== null && !looksUp(c))

async function verified(c: RunCase, posts: readonly SentPost[]): Promise<VerifyReport | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-damage-'))
  const host = await workspaceOf(folder, c, { world: true, settings: true, answers: true })
  try {
    const reports = await verifySent(host, posts)
    return reports.find(({ posts: count }) => count === posts.length) ?? reports[0]
  } finally {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const shown = (report: VerifyReport | undefined): string =>
  report === undefined
    ? 'no run'
    : `${report.verdict} ${report.posts} ${report.first?.kind} ${report.first?.step} ${report.first?.path} ${report.missing.map(({ text }) => text.text).join(' ')}`

describe.skipIf(all.length === 0)(`recorded runs, seed ${seed}`, () => {
  it('that were damaged are found out, at the step and by the kind', async () => {
    const random = seeded(seed)
    const wrongSteps: string[] = []
    const wrongKinds: string[] = []
    for (const how of damages) {
      let done = 0
      while (done < scale(1, 15)) {
        const c = all[Math.floor(random() * all.length)] as RunCase
        const damaged = damage(random, c, how)
        if (damaged === null) continue
        done++
        const report = await verified(c, damaged.posts)
        const said = `${c.id} ${how} ${damaged.kind} ${damaged.step} ${damaged.what}: ${shown(report)}`
        if (report?.first?.step !== damaged.step) wrongSteps.push(said)
        else if (report.first.kind !== damaged.kind) wrongKinds.push(said)
      }
    }
    expect(wrongSteps).toEqual([])
    expect(wrongKinds.length, wrongKinds.join('\n')).toBeLessThanOrEqual(scale(0, 3))
  }, 600_000)

  it('as MISP sent them raise no alarm', async () => {
    const random = seeded(seed + 1)
    const alarms: string[] = []
    for (let i = 0; i < scale(2, 200); i++) {
      const c = all[Math.floor(random() * all.length)] as RunCase
      const report = await verified(c, timed(random, walkOf(c) ?? []))
      if (report?.verdict !== 'equal') alarms.push(`${c.id}: ${shown(report)}`)
    }
    expect(alarms).toEqual([])
  }, 900_000)
})
