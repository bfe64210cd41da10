// Outlines of runs: made from an open run, kept beside long ones, and told apart from those of a run that changed since.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { packSteps } from '../../../contract/packed-steps.ts'
import { isLong, outlineFile, readOutline, writeOutline } from '../../runs/outline.ts'
import type { Outline } from '../../runs/outline.ts'
import { chainOf } from '../../../engine/replay/chain.ts'
import { unreachedOf } from '../../../engine/replay/unreached.ts'
import { maskDetail } from '../mask/run.ts'
import { lostPostCode } from '../../capture/derive/derive.ts'
import type { RunRef } from '../thread/protocol.ts'
import type { OpenRun } from './open-run.ts'

/** Another build may see more in the same run. */
const build = ((): string => {
  try {
    return String(statSync(fileURLToPath(import.meta.url)).mtimeMs)
  } catch {
    return ''
  }
})()

export function outlineOf(run: OpenRun): Outline {
  const detail = run.fold.detail(run.fold.summary(run.summary), run.options)
  const { workflow, rebuilt } = run
  const told = { chain: chainOf(run.fold, workflow), unreached: unreachedOf(run.fold, workflow) }
  return { detail: maskDetail({ ...detail, ...told, steps: packSteps(detail.steps) }, run.fold), workflow, rebuilt }
}

/** The outline that was kept of the run as it is now, if one was. */
export const knownOutline = async (ref: RunRef): Promise<Outline | null> =>
  isLong(ref.summary) ? readOutline(outlineFile(ref.file, ref.summary.id), await keyOf(ref)) : null

/** Keeps the outline of a long run that is over. That it cannot be kept is no failure. */
export async function keepOutline(ref: RunRef, run: OpenRun): Promise<void> {
  const { keep, summary, file } = ref
  if (!keep || !isLong(summary) || summary.state === 'running' || summary.state === 'paused') return
  // Posts that cannot be read now may be there again later.
  if (run.fold.notes.some(({ code }) => code === lostPostCode)) return
  await keyOf(ref)
    .then((key) => writeOutline(outlineFile(file, summary.id), key, outlineOf(run)))
    .catch(() => undefined)
}

/** All that a run's outline comes from: its file, or its posts with what they are understood by. */
async function keyOf({ summary, file, posts, workflows, limits, profile }: RunRef): Promise<string> {
  const hash = createHash('sha256').update(build)
  if (summary.origin === 'captured') {
    hash
      .update(Float64Array.from((posts ?? []).flat()))
      .update(JSON.stringify([summary.size, workflows, limits, profile]))
  } else {
    const { size, mtimeMs } = await stat(file)
    hash.update(`${size} ${mtimeMs}`)
  }
  return hash.digest('base64')
}
