import { PregSubject } from '../hash/regex/preg.ts'
import { checkedAddress, type CheckedAddress } from './cidr.ts'
import { hostEnds, type HostEnds } from './host-names.ts'
import { startsOf } from './substrings.ts'
import { hashOf } from './text-table.ts'

/** A value that is looked up in many lists: what several of them need is read out of it once. */
export class CheckedValue {
  private ends: HostEnds | null | undefined
  private read: readonly number[] | undefined
  private network: CheckedAddress | undefined
  private matched: PregSubject | undefined
  private hashed: number | undefined

  constructor(readonly text: string) {}

  /** Null where the value has no host. */
  get host(): HostEnds | null {
    if (this.ends === undefined) this.ends = hostEnds(this.text)
    return this.ends
  }

  /** Of its substrings. */
  get starts(): readonly number[] {
    return (this.read ??= startsOf(this.text))
  }

  get hash(): number {
    return (this.hashed ??= hashOf(this.text))
  }

  get address(): CheckedAddress {
    return (this.network ??= checkedAddress(this.text))
  }

  get subject(): PregSubject {
    return (this.matched ??= new PregSubject(this.text))
  }
}
