// The bytes of a head until it is complete. Grows by doubling, so that a peer that sends byte by byte costs as much as one that does not.
import { HeadEnd } from './http-request.ts'

export class HeadBuffer {
  private bytes: Buffer | null = null
  private length = 0
  private readonly headEnd = new HeadEnd()

  /** Memory that it takes. */
  get size(): number {
    return this.bytes?.length ?? 0
  }

  get isEmpty(): boolean {
    return this.length === 0
  }

  /** Takes bytes. Answers all so far, and where the head ends in them (-1: not yet). */
  add(more: Buffer): { readonly all: Buffer; readonly end: number } {
    if (this.bytes === null) {
      // Most heads come in one piece.
      this.bytes = more
    } else {
      if (this.length + more.length > this.bytes.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(1024, 2 * (this.length + more.length)))
        this.bytes.copy(grown, 0, 0, this.length)
        this.bytes = grown
      }
      more.copy(this.bytes, this.length)
    }
    this.length += more.length
    const all = this.bytes.subarray(0, this.length)
    return { all, end: this.headEnd.find(all) }
  }

  clear(): void {
    this.bytes = null
    this.length = 0
  }
}
