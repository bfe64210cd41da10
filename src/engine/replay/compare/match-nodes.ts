// Which nodes of two workflows are the same node: first by id and module; what is left by its settings, its neighbours and its place, as after an
// import that gave new numbers.
import type { JsonMap } from '../../../contract/json.ts'
import { dataOf, field } from '../../graph/nodes.ts'
import { isMap } from '../../php/values.ts'
import type { GraphNodeInfo } from '../run-index.ts'

/** A node as it is compared; what only few are asked for is worked out then. */
export class PlainNode {
  readonly id: number
  readonly module: string
  readonly name: string
  #settings: JsonMap | null = null
  #text: string | null = null

  constructor(private readonly info: GraphNodeInfo) {
    this.id = info.nodeId
    this.module = `${info.moduleType} ${info.moduleId}`
    this.name = info.name
  }

  /** As saved: parameters by id, and the node's own filter where it has one. */
  get settings(): JsonMap {
    return (this.#settings ??= settingsOf(this.info))
  }

  get settingsText(): string {
    return (this.#text ??= JSON.stringify(this.settings))
  }

  get place(): string {
    const { saved } = this.info
    return `${String(field(saved, 'pos_x') ?? '')} ${String(field(saved, 'pos_y') ?? '')}`
  }

  /** Nodes that lead here, and where it leads. */
  get links(): readonly (readonly { readonly id: number; readonly output: string }[])[] {
    const { incoming, outgoing } = this.info
    return [
      incoming.map(({ from, output }) => ({ id: from, output })),
      outgoing.map(({ to, output }) => ({ id: to, output }))
    ]
  }
}

export const plainNodes = (graph: ReadonlyMap<number, GraphNodeInfo>): ReadonlyMap<number, PlainNode> =>
  new Map([...graph].map(([id, info]) => [id, new PlainNode(info)]))

function settingsOf({ params, saved }: GraphNodeInfo): JsonMap {
  const filters = dataOf(saved, 'saved_filters') ?? null
  const hasFilter = isMap(filters) && Object.values(filters).some((value) => value !== '' && value !== null)
  return { ...(isMap(params) ? params : {}), ...(hasFilter ? { [filterName]: filters } : {}) }
}

/** Under which name the node's own filter stands among its settings. */
export const filterName = 'saved_filters'

export interface NodeMatch {
  /** Ids of B by those of A. */
  readonly toB: ReadonlyMap<number, number>
  /** Ids of B that are there. */
  readonly ofB: ReadonlySet<number>
  readonly a: ReadonlyMap<number, PlainNode>
  readonly b: ReadonlyMap<number, PlainNode>
}

type Naming = (node: PlainNode) => string

export function matchNodes(a: ReadonlyMap<number, PlainNode>, b: ReadonlyMap<number, PlainNode>): NodeMatch {
  const matching = new Matching(a, b)
  // A number that went to another node of the same module would be taken for a changed node: what is alike in everything else counts more.
  matching.sameEverywhere()
  const full: Naming = (node) => `${node.module}\n${node.name}\n${node.settingsText}`
  matching.by((node) => `${node.place}\n${full(node)}`)
  matching.by((node) => `${node.id}\n${node.place}\n${node.module}`)
  matching.by(full)
  matching.by((node) => `${node.id}\n${node.module}`)
  for (let rounds = 0; rounds < 3; rounds++) if (!matching.byNeighbours()) break
  matching.by((node) => `${node.place}\n${node.module}`)
  return { toB: matching.toB, ofB: new Set(matching.toB.values()), a, b }
}

class Matching {
  readonly toB = new Map<number, number>()
  readonly #toA = new Map<number, number>()

  constructor(
    private readonly a: ReadonlyMap<number, PlainNode>,
    private readonly b: ReadonlyMap<number, PlainNode>
  ) {}

  #match(one: number, other: number): void {
    this.toB.set(one, other)
    this.#toA.set(other, one)
  }

  /** Nodes with the same id, module, name and settings: mostly all of them. */
  sameEverywhere(): void {
    for (const node of this.a.values()) {
      const other = this.b.get(node.id)
      if (!other || node.module !== other.module || node.name !== other.name) continue
      if (node.settingsText === other.settingsText) this.#match(node.id, other.id)
    }
  }

  /** What has a name on either side that nothing else there has. */
  by(name: Naming, nameOfB: Naming = name): boolean {
    if (this.toB.size === Math.min(this.a.size, this.b.size)) return false
    const [mine, theirs] = [onlyOnes(this.a, this.toB, name), onlyOnes(this.b, this.#toA, nameOfB)]
    let found = false
    for (const [key, one] of mine) {
      const other = theirs.get(key)
      if (one === null || other === null || other === undefined) continue
      this.#match(one, other)
      found = true
    }
    return found
  }

  /** Between the same neighbours. */
  byNeighbours(): boolean {
    const around =
      (map: (id: number) => number | undefined): Naming =>
      (node) => {
        const known = node.links.map((links) => links.map(({ id, output }) => `${output}:${map(id) ?? '?'}`).sort())
        return `${node.module}\n${known.join('\n')}`
      }
    return this.by(
      around((id) => this.toB.get(id)),
      around((id) => (this.#toA.has(id) ? id : undefined))
    )
  }
}

/** Nodes without a partner by a name that only one of them has; null where several have it. */
function onlyOnes(
  nodes: ReadonlyMap<number, PlainNode>,
  matched: ReadonlyMap<number, number>,
  name: Naming
): ReadonlyMap<string, number | null> {
  const found = new Map<string, number | null>()
  for (const node of nodes.values()) {
    if (matched.has(node.id)) continue
    const key = name(node)
    found.set(key, found.has(key) ? null : node.id)
  }
  return found
}
