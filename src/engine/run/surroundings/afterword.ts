// Notes behind the end of a run.
import type { RunEvent } from '../../../contract/run.ts'
import type { Stepper } from '../walk/stepper.ts'

export interface Afterword {
  readonly code: string
  readonly text: string
}

type Begin = (onEvent: (event: RunEvent) => void) => Stepper

/** The run, with what is to be said once it has come to its end. */
export function withAfterword(begin: Begin, say: () => readonly Afterword[]): Begin {
  return (onEvent) => {
    let last: RunEvent | null = null
    const inner = begin((event) => {
      last = event
      onEvent(event)
    })
    let isSaid = false
    const sayOnce = (): void => {
      if (isSaid) return
      isSaid = true
      const notes = say()
      const { seq, at } = last ?? { seq: -1, at: 0 }
      notes.forEach(({ code, text }, i) => {
        const data = { nodeId: null, code, text }
        onEvent({ runId: inner.runId, seq: seq + 1 + i, at, nodeId: null, type: 'note', data })
      })
    }
    return {
      runId: inner.runId,
      get pause() {
        return inner.pause
      },
      next(command) {
        const pause = inner.next(command)
        if (pause.state === 'finished' && command.type !== 'stop') sayOnce()
        return pause
      },
      setBreakpoints: (nodeIds) => inner.setBreakpoints(nodeIds)
    }
  }
}
