// What a difference comes from, as far as the posts tell it.
import type { Json } from '../../../contract/json.ts'
import { coded, nodeNamed, say, termed, theirsCoded } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { Finding } from './compare.ts'
import type { LanePost } from './posts.ts'

export function causeOf(finding: Finding): Sentence {
  const { kind, path, expected, actual, seen, offline, decided } = finding
  const node = nodeOf(decided?.seen ?? seen ?? offline)
  switch (kind) {
    case 'branch':
      return say`${node} took another branch: MISP went on with ${whereTo(seen)}, the offline run with ${whereTo(offline)}.`
    case 'data':
      return say`After ${node} the data differ at ${termed(path ?? '')}: MISP has ${valued(expected)}, the offline run ${valued(actual)}.`
    case 'parameter':
      return say`The parameters of ${node} differ at ${termed(path ?? '')}: MISP has ${valued(expected)}, the workflow here ${valued(actual)}.`
    case 'order':
      return say`The order differs: MISP went on with ${whereTo(seen)}, the offline run with ${whereTo(offline)}, and both have the same nodes.`
    case 'module':
      return say`The module of ${node} did not run in the same way: in MISP ${valued(expected)}, offline ${valued(actual)}.`
    case 'outcome':
      return say`${node} came out differently: in MISP ${valued(expected)}, offline ${valued(actual)}.`
    case 'errors':
      return say`The errors of ${node} differ: MISP has ${valued(expected)}, the offline run ${valued(actual)}.`
    case 'missing step':
      return say`The offline run executes ${whereTo(offline)} here, MISP went on with ${whereTo(seen)}.`
    case 'extra step':
      return say`MISP executed ${whereTo(seen)} here, the offline run goes on with ${whereTo(offline)}.`
    case 'fault':
      return say`Retrace failed: ${valued(actual)}.`
    default: {
      const never: never = kind
      throw new Error(`unknown kind ${String(never)}`)
    }
  }
}

const valued = (value: Json): Sentence => theirsCoded(value)

function nodeOf(post: LanePost | null): Sentence {
  if (post === null || post.nodeId === null) return post?.kind === 'init' ? say`the trigger` : say`the end`
  return nodeNamed(post.nodeId, post.moduleId)
}

function whereTo(post: LanePost | null): Sentence {
  if (post === null) return say`nothing`
  return post.nodeId === null
    ? say`the end`
    : say`${nodeNamed(post.nodeId, post.moduleId)} (${coded(post.moduleId, (id) => ({ kind: 'module', id }))})`
}
