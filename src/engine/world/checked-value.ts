import { hostEnds, type HostEnds } from './host-names.ts'

/** A value that is looked up in many lists: what several of them need is read out of it once. */
export class CheckedValue {
  private ends: HostEnds | null | undefined

  constructor(readonly text: string) {}

  /** Null where the value has no host. */
  get host(): HostEnds | null {
    if (this.ends === undefined) this.ends = hostEnds(this.text)
    return this.ends
  }
}
