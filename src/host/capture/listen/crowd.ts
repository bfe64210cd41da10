// Who goes first when too many are connected. A MISP that finds its connection closed without an answer breaks off its own work, so nobody is
// just cut off: first go peers that have their answer, then those that never said what they want, longest first and from the address that
// has most of them, then those that send hardly anything. A post that is on its way is nobody's victim, also among hundreds from
// one address (a proxy, NAT).
import type { Answer } from './answers.ts'

export interface CrowdLimits {
  /** Connections in all. Up to twice as many are there for a moment, while it is not known yet who of them brings a post. */
  readonly connections: number
  /** Of one address (IPv6: of one /64), before the head of their request is complete. */
  readonly waitingPerPeer: number
}

/** What is known of a connection. Times are the listener's own clock, in milliseconds. */
export interface Member {
  readonly peer: string
  readonly since: number
  readonly state: 'head' | 'body' | 'storing' | 'answered'
  /** Of a large head; 0 for others. */
  readonly headBytes: number
  /** Its answer is on its way and nothing comes any more: closing it is no reset. */
  readonly isDone: boolean
  readonly answeredAt: number
  /** Less than anybody sends who wants to get done. */
  isSlow(now: number): boolean
  refuse(answer: Answer): void
  close(): void
}

const busy: Answer = { status: 503, text: 'too many connections' }
/** So long everybody may be silent, and read an answer, unless it gets really tight. */
const graceMs = 1000
/** What comes in one turn of the event loop can be more than the limit; above that there are no descriptors left to answer with. */
const burst = 1000
/** Heads up to this size are not counted, and nobody's victim: those of MISP are smaller. */
export const smallHead = 16 * 1024

export class Crowd<M extends Member> {
  private readonly members = new Map<M, number>()
  private readonly waiting = new Map<string, Set<M>>()
  /** Of the event loop; each member's is that in which it came. */
  private turn = 0
  private newest = 0
  private relieving = false

  constructor(
    private readonly limits: CrowdLimits,
    private readonly now: () => number
  ) {}

  get size(): number {
    return this.members.size
  }

  [Symbol.iterator](): Iterator<M> {
    return this.members.keys()
  }

  add(member: M): void {
    this.members.set(member, this.turn)
    this.newest = this.turn
    if (this.size > 2 * this.limits.connections + burst) member.refuse(busy)
    if (member.state === 'head') {
      const of = this.waiting.get(member.peer)
      if (of === undefined) this.waiting.set(member.peer, new Set([member]))
      else of.add(member)
    }
    if (this.isCrowded(member.peer)) this.relieveSoon()
  }

  /** Its head is complete, or it was answered. */
  pastHead(member: M): void {
    const of = this.waiting.get(member.peer)
    if (of?.delete(member) && of.size === 0) this.waiting.delete(member.peer)
  }

  remove(member: M): void {
    this.pastHead(member)
    this.members.delete(member)
  }

  /** Large heads take too much memory: the oldest that is incomplete, or whose body hardly comes, goes. False: there is none but `by`. */
  endLargeHead(by: M): boolean {
    const now = this.now()
    const large = [...this.members.keys()].filter((member) => member !== by && member.headBytes > 0)
    const first =
      large.find(({ state }) => state === 'head') ??
      large.find((member) => member.state === 'body' && member.isSlow(now))
    first?.refuse({ status: 503, text: 'too many requests with large headers' })
    return first !== undefined
  }

  private isCrowded(peer: string): boolean {
    return this.size > this.limits.connections || (this.waiting.get(peer)?.size ?? 0) > this.limits.waitingPerPeer
  }

  /** What has arrived is read in the next turns of the event loop: only then it is known who has nothing to say. */
  private relieveSoon(): void {
    if (this.relieving) return
    this.relieving = true
    setImmediate(() => {
      this.relieving = false
      this.relieve()
      if (this.size > this.limits.connections && this.turn - this.newest < 2) this.relieveSoon()
    })
  }

  /** Called now and then, too: time makes some go that could not go before. */
  relieve(): void {
    this.turn++
    const now = this.now()
    const { connections, waitingPerPeer } = this.limits
    for (const of of this.waiting.values()) while (of.size > waitingPerPeer && this.refuseOldest(of, now, false));
    if (this.size <= connections) return
    const isTight = this.size > 2 * connections
    let active = 0
    for (const member of this.members.keys()) if (member.state !== 'answered') active++
    const most = isTight ? 2 * connections : connections
    const peers = [...this.waiting.values()]
    while (active > most && peers.length > 0) {
      const largest = peers.reduce((a, b) => (b.size > a.size ? b : a))
      if (this.refuseOldest(largest, now, isTight)) active--
      else peers.splice(peers.indexOf(largest), 1)
    }
    if (active > connections) this.refuseSlow(now, active - connections)
    this.closeDone(now, most, isTight)
  }

  private refuseOldest(of: Set<M>, now: number, atOnce: boolean): boolean {
    const [oldest] = of
    if (oldest === undefined || this.turn - this.members.get(oldest)! < 2) return false
    if (!atOnce && now - oldest.since < graceMs) return false
    oldest.refuse(busy)
    return true
  }

  private refuseSlow(now: number, count: number): void {
    for (const member of this.members.keys()) {
      if (count <= 0) return
      if (member.state !== 'body' || !member.isSlow(now)) continue
      member.refuse(busy)
      count--
    }
  }

  private closeDone(now: number, most: number, atOnce: boolean): void {
    let over = this.size - most
    for (const member of this.members.keys()) {
      if (over <= 0) return
      if (member.state !== 'answered' || !member.isDone) continue
      if (!atOnce && now - member.answeredAt < graceMs) continue
      member.close()
      over--
    }
  }
}
