// Whoever hears the events of a host.
import type { HostEvent } from '../contract/events.ts'
import { handOver } from './uncaught.ts'

export type Receive = (event: HostEvent) => void

export class Listeners {
  private readonly all = new Set<Receive>()

  /** Until the answer is called. */
  readonly listen = (receive: Receive): (() => void) => {
    this.all.add(receive)
    return () => void this.all.delete(receive)
  }

  /** One that fails must not keep it from the others, nor from whoever has something to tell. `also` hears it last. */
  tell(event: HostEvent, also: Receive = () => undefined): void {
    for (const receive of [...this.all, also]) {
      try {
        receive(event)
      } catch (error) {
        handOver(error)
      }
    }
  }
}
