// What came with a workspace and would send, open, delete or run something: off until a person allows it.

/** sends: to somebody else. opens: an address of this machine. deletes: captured runs. runs: code, or more work than usual. */
export type TrustKind = 'sends' | 'opens' | 'deletes' | 'runs'

export interface TrustItem {
  /** `forward`, `listener`, `module:our-own.ts`, … */
  readonly key: string
  /** Of exactly this content; another content is another question. */
  readonly hash: string
  readonly kind: TrustKind
  /** What allowing it would mean, in one sentence. */
  readonly text: string
  /** waiting: nobody has decided. Everything but `allowed` is off. */
  readonly state: 'allowed' | 'waiting' | 'declined'
  /** Why it waits: nobody here set it, it is another one than was allowed, or the folder is another one. */
  readonly reason: 'came' | 'changed' | 'moved' | null
  /** A person should be asked by itself; a module that nobody switched on may just stay off. */
  readonly asks: boolean
}

export interface TrustState {
  readonly items: readonly TrustItem[]
  /** Items that a person should be asked about. */
  readonly waiting: number
}
