// The captured runs by id, and the run of each post. The second is made when it is first asked for and then kept in step: making it anew
// after every post would cost the more the longer a workspace is in use.
import type { CapturedRun } from './captured-run.ts'

export class CapturedRuns extends Map<string, CapturedRun> {
  private owners: Map<number, string> | null = null

  override set(id: string, run: CapturedRun): this {
    this.disown(id)
    if (this.owners) for (const [seq] of run.posts) this.owners.set(seq, id)
    return super.set(id, run)
  }

  override delete(id: string): boolean {
    this.disown(id)
    return super.delete(id)
  }

  ownerOf(seq: number): string | null {
    return this.known().get(seq) ?? null
  }

  private known(): Map<number, string> {
    if (this.owners !== null) return this.owners
    this.owners = new Map()
    for (const run of this.values()) for (const [seq] of run.posts) this.owners.set(seq, run.id)
    return this.owners
  }

  /** Posts that another run has taken meanwhile stay with that one. */
  private disown(id: string): void {
    const old = this.owners === null ? undefined : this.get(id)
    if (old === undefined) return
    for (const [seq] of old.posts) if (this.owners!.get(seq) === id) this.owners!.delete(seq)
  }
}
