// Drivers of a stepper to its end: at once (every effect is answered by the policy), or with someone who performs effects,
// stoppable between two nodes and letting others run in between.
import type { EffectAnswer } from '../../../contract/run.ts'
import type { EffectRequest } from '../../effects/ports.ts'
import type { Stepper } from './stepper.ts'

/**
 * Runs to the end or to a breakpoint.
 * @throws Error when an effect stays open: a run that is driven like this must be created with an answer for everything
 */
export function runToEnd(run: Stepper): void {
  const pause = run.next({ type: 'run' })
  if (pause.state === 'asking')
    throw new Error(`no response for the ${pause.ask.effect.kind} side effect of node ${pause.ask.nodeId}`)
}

export interface AsyncDriver {
  /** Performs an effect; a rejected promise is an answer that failed. */
  readonly perform: (request: EffectRequest) => Promise<EffectAnswer>
  /** Lets the event loop turn. */
  readonly breathe: () => Promise<void>
  /** True once the user has stopped the run. */
  readonly stopped?: () => boolean
  /** Nodes between two breaths. */
  readonly stepsPerBreath?: number
}

/** Runs to the end, performing what the policy leaves open. Resolves when the run has ended or stands at a breakpoint. */
export async function drive(
  run: Stepper,
  driver: AsyncDriver,
  breakpoints: ReadonlySet<number> = new Set()
): Promise<void> {
  let steps = 0
  for (let pause = run.next({ type: 'step' }); pause.state !== 'finished';) {
    if (driver.stopped?.() === true) {
      run.next({ type: 'stop' })
      return
    }
    if (pause.state === 'asking') {
      const { nodeId, moduleId, workflowId, isFired, effect } = pause.ask
      const answer = await driver.perform({ nodeId, moduleId, workflowId, isFired, effect }).catch(failureOf)
      pause = run.next(driver.stopped?.() === true ? { type: 'stop' } : { type: 'answer', answer, by: 'live' })
      continue
    }
    if (breakpoints.has(pause.step.nodeId)) return
    if (++steps % (driver.stepsPerBreath ?? 20) === 0) await driver.breathe()
    pause = run.next({ type: 'step' })
  }
}

const failureOf = (error: unknown): EffectAnswer => ({
  failure: 'unavailable',
  message: error instanceof Error ? error.message : String(error)
})
