// Runs with their secrets hidden: events, steps, and what a module alone answers. Data stays as it is.
import type { Chain, ChainLink } from '../../../contract/chain.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { DebugPost, RunEvent } from '../../../contract/run.ts'
import type { PackedRunDetail } from '../../../contract/packed-steps.ts'
import type { ModuleExecution } from '../../../contract/run-views.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { hideTexts, maskParamMap, secretsOfParams } from '../../../contract/secrets.ts'
import type { RunFold } from '../../../engine/replay/fold.ts'
import { maskAnswer, maskEffect, maskRunEffect, secretsOfEffect } from '../effects/show.ts'
import { maskPostValue } from './value.ts'

const maskDebugPost = (post: DebugPost): DebugPost => maskPostValue(post as unknown as JsonMap) as unknown as DebugPost

const hide = <T extends Json>(value: T, texts: SecretTexts): T => hideTexts(value, texts) as T

/** Masks a run's events one after the other: what a later one repeats of a node's parameters is hidden too. */
export function createMask(): (event: RunEvent) => RunEvent {
  const seen = new SecretTexts()
  return (event) => {
    if (event.type === 'effect') seen.add(secretsOfEffect(event.data.effect))
    if (event.type === 'node.finished') seen.add(secretsOfParams(event.data.params))
    return maskEvent(event, seen)
  }
}

function maskEvent(event: RunEvent, texts: SecretTexts): RunEvent {
  switch (event.type) {
    case 'node.finished': {
      const { params, errors, message } = event.data
      const shown = message === undefined ? {} : { message: hide(message, texts) }
      return { ...event, data: { ...event.data, params: maskParamMap(params), errors: hide(errors, texts), ...shown } }
    }
    case 'effect': {
      const { effect, answer, error } = event.data
      const told = error === undefined ? {} : { error: hide(error, texts) }
      return {
        ...event,
        data: { ...event.data, effect: maskEffect(effect), answer: maskAnswer(effect, answer), ...told }
      }
    }
    case 'post':
      return { ...event, data: { ...event.data, post: maskDebugPost(event.data.post) } }
    case 'log':
      return { ...event, data: { ...event.data, line: hide(event.data.line, texts) } }
    case 'note':
      return { ...event, data: { ...event.data, text: hide(event.data.text, texts) } }
    case 'run.finished':
      return { ...event, data: hideEnd(event.data, texts) }
    default:
      return event
  }
}

type Finished = Extract<RunEvent, { type: 'run.finished' }>['data']

/** The walk of a run holds its nodes, as an end post does. */
function hideEnd(data: Finished, texts: SecretTexts): Finished {
  const { walk, throwable } = data
  const post = maskPostValue({ body: { data: walk as unknown as Json } }) as { body: { data: typeof walk } }
  return {
    ...data,
    walk: walk === null ? null : post.body.data,
    outcomeText: hide(data.outcomeText, texts),
    blockingErrors: data.blockingErrors.map((text) => hide(text, texts)),
    ...(throwable ? { throwable: { ...throwable, message: hide(throwable.message, texts) } } : {})
  }
}

export const maskChain = (chain: Chain, texts: SecretTexts): Chain => ({
  ...chain,
  links: chain.links.map((link) => ({
    ...link,
    lead: hide(link.lead, texts),
    text: hide(link.text, texts),
    claim: hide(link.claim as unknown as Json, texts) as unknown as ChainLink['claim']
  }))
})

/** A run's detail as it may be shown: what its nodes answered may repeat their parameters. */
export function maskDetail(detail: PackedRunDetail, { data }: Pick<RunFold, 'data'>): PackedRunDetail {
  const texts = new SecretTexts(
    data.flatMap(({ params, effects }) => [
      ...secretsOfParams((params ?? {}) as JsonMap),
      ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
    ])
  )
  const { summary, throwable, steps } = detail
  return {
    ...detail,
    summary: { ...summary, outcomeText: hide(summary.outcomeText, texts) },
    // Once for all steps that say the same.
    steps: {
      ...steps,
      shapes: steps.shapes.map((step) => ({
        ...step,
        message: hide(step.message, texts),
        errors: hide(step.errors, texts),
        ...(step.answerErrors ? { answerErrors: step.answerErrors.map((text) => hide(text, texts)) } : {})
      }))
    },
    notes: detail.notes.map((note) => ({ ...note, text: hide(note.text, texts) })),
    chain: detail.chain && maskChain(detail.chain, texts),
    unreached: detail.unreached.map((one) => ({ ...one, chain: maskChain(one.chain, texts) })),
    blockingErrors: detail.blockingErrors.map((text) => hide(text, texts)),
    throwable: throwable && { ...throwable, message: hide(throwable.message, texts) }
  }
}

/** What a module alone answered, as it may be shown. */
export function maskExecution<T extends Omit<ModuleExecution, 'runId'>>(execution: T): T {
  const { params, errors, message, throwable, cannotTell, effects, posts } = execution
  const texts = new SecretTexts(secretsOfParams(params))
  for (const { effect } of effects) texts.add(secretsOfEffect(effect))
  return {
    ...execution,
    ...{ params: maskParamMap(params), errors: hide(errors, texts) },
    message: message === null ? null : hide(message, texts),
    throwable: throwable && { ...throwable, message: hide(throwable.message, texts) },
    cannotTell: cannotTell && { ...cannotTell, reason: hide(cannotTell.reason, texts) },
    ...{ effects: effects.map(maskRunEffect), posts: posts.map(maskDebugPost) }
  }
}
