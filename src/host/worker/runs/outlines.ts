// Outlines of runs: made from an open run, kept beside long ones, and told apart from those of a run that changed since.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { packSteps } from '../../../contract/packed-steps.ts'
import type { PackedRunDetail } from '../../../contract/packed-steps.ts'
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

/** With what is secret in it. */
export function detailOf({ fold, summary, options, workflow }: OpenRun): PackedRunDetail {
  const detail = fold.detail(fold.summary(summary), options)
  const told = { chain: chainOf(fold, workflow), unreached: unreachedOf(fold, workflow) }
  return { ...detail, ...told, steps: packSteps(detail.steps) }
}

export function outlineOf(run: OpenRun): Outline {
  const { workflow, rebuilt } = run
  return { detail: maskDetail(detailOf(run), run.fold), workflow, rebuilt }
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
