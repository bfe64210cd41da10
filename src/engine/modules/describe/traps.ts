// What a person should know of a node before it runs, although the node may well work: said by checks, not by the sentence of the module.
import { plainText, type Json } from '../../../contract/json.ts'
import type { RuleId } from '../../../contract/rules.ts'
import { say, termed } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { ExplainInput, ModuleDefinition } from '../../../contract/modules.ts'
import { NodeWords } from './node-words.ts'
import type { Shown } from './node-words.ts'

export interface Trap {
  /** The code of the problem. */
  readonly code: RuleId
  readonly said: Sentence
}

export type Traps = (input: ExplainInput) => readonly Trap[]

export const traps =
  (definition: ModuleDefinition, tell: (node: NodeWords) => readonly (Trap | null)[]): Traps =>
  (input) =>
    tell(new NodeWords(input, definition)).filter((one) => one !== null)

export const trap = (code: RuleId, said: Sentence): Trap => ({ code, said })

/** "50%" is no pattern. */
const isPattern = (value: Json): boolean =>
  typeof value === 'string' && /[^%*\s]/.test(value) && /^[%*]|[%*]$/.test(value) && !/^[\d.,]+\s*%$/.test(value)

/** Values that look like patterns of MISP's search; conditions compare letter by letter. */
export const wildcardTraps = (items: readonly Shown[]): Trap[] =>
  items
    .filter(({ value }) => isPattern(value))
    .slice(0, 5)
    .map((item) =>
      trap('NO_WILDCARD', say`${item} is compared letter by letter: \`%\` and \`*\` are no wildcards here.`)
    )

const prefix = 'misp-galaxy:'

/** Clusters are saved without `misp-galaxy:`, which MISP puts before them; a cluster's name reads type="value". */
function clusterTraps(node: NodeWords): Trap[] {
  return node
    .items('clusters')
    .slice(0, 20)
    .flatMap((item) => {
      const name = plainText(item.value)
      if (name === '') return []
      if (name.toLowerCase().startsWith(prefix))
        return [
          trap(
            'CLUSTER_NAME',
            say`${item} begins with ${termed(prefix)}, which MISP puts before it once more: it matches no galaxy cluster.`
          )
        ]
      if (/^[^=:]+="[\s\S]*"$/.test(name)) return []
      return [
        trap(
          'CLUSTER_NAME',
          say`${item} is no name of a galaxy cluster, which are written as in ${termed('country="…"')}.`
        )
      ]
    })
}

export const tagTraps = (node: NodeWords): Trap[] => [...wildcardTraps(node.items('tags')), ...clusterTraps(node)]
