// What a custom module does in a call, kept so that the call can be repeated without its code.
import type { RecordedAct } from '../../../contract/surroundings.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Effect } from '../../../contract/run.ts'
import type { Gen } from '../../effects/signals.ts'
import type { Execute, ModuleContext } from '../../modules/context.ts'
import { asCannotTell, CannotTell } from '../../effects/cannot-tell.ts'
import { changed, changeOf } from './data-change.ts'
import { PhpThrow } from '../../php/exceptions.ts'

/** The module, telling what it does in each call. */
export const recordCalls = (execute: Execute, calls: RecordedAct[][]): Execute =>
  function* (ctx) {
    const acts: RecordedAct[] = []
    calls.push(acts)
    try {
      const returned = execute(noted(ctx, acts))
      const success = typeof returned === 'boolean' ? returned : yield* returned
      acts.push(['return', success])
      return success
    } catch (thrown) {
      const unknown = asCannotTell(thrown)
      if (unknown) acts.push(['cannot tell', unknown.code, unknown.reason])
      else if (thrown instanceof PhpThrow)
        acts.push(['throw', thrown.phpClass, thrown.message, thrown.isError, thrown.hint])
      throw thrown
    }
  }

/** Each act is kept before it is done: it may be what throws. */
function noted(ctx: ModuleContext, acts: RecordedAct[]): ModuleContext {
  return {
    ...ctx,
    *params() {
      acts.push(['params'])
      return yield* ctx.params()
    },
    *ask(effect) {
      acts.push(['ask', effect as unknown as JsonMap])
      return yield* ctx.ask(effect)
    },
    *render(template, data, param) {
      acts.push(data === ctx.getData() ? ['render', template, param] : ['render', template, param, data])
      return yield* ctx.render(template, data, param)
    },
    setData(data) {
      const told = changeOf(seenBy(ctx), data)
      acts.push(['set', told.change])
      ctx.setData(told.data as JsonMap)
    },
    addError(text) {
      acts.push(['error', text])
      ctx.addError(text)
    },
    setError(key, value) {
      acts.push(['key', key, value])
      ctx.setError(key, value)
    },
    *note(code, text) {
      acts.push(['note', code, text])
      yield* ctx.note(code, text)
    }
  }
}

/** The data as the module sees them; undefined where reading them throws. */
function seenBy(ctx: ModuleContext): JsonMap | undefined {
  try {
    return ctx.getData()
  } catch (thrown) {
    if (thrown instanceof PhpThrow || asCannotTell(thrown)) return undefined
    throw thrown
  }
}

/** A module that does in its n-th call what was recorded of it; nothing of its code is run. */
export function repeatCalls(id: string, calls: readonly (readonly RecordedAct[])[]): Execute {
  let next = 0
  return function* (ctx) {
    for (const act of calls[next++] ?? []) {
      const ended = yield* repeat(ctx, act)
      if (ended !== null) return ended
    }
    throw new CannotTell('CALL_NOT_RECORDED', `What ${id} did in this call is not recorded.`)
  }
}

/** What the call returns, null when it goes on. What a question threw, the module may have caught: the next act tells. */
function* repeat(ctx: ModuleContext, act: RecordedAct): Gen<boolean | null> {
  switch (act[0]) {
    case 'return':
      return act[1]
    case 'throw':
      throw new PhpThrow(act[1], act[2], act[3]).withHint(act[4])
    case 'cannot tell':
      throw new CannotTell(act[1], act[2])
    case 'params':
      yield* quietly(ctx.params())
      return null
    case 'ask':
      yield* quietly(ctx.ask(act[1] as unknown as Effect))
      return null
    case 'render':
      yield* quietly(ctx.render(act[1], act.length > 3 ? (act[3] as Json) : ctx.getData(), act[2]))
      return null
    case 'note':
      yield* ctx.note(act[1], act[2])
      return null
    case 'data':
      ctx.setData(act[1])
      return null
    case 'set': {
      const data = changed(seenBy(ctx), act[1])
      if (data === undefined)
        throw new CannotTell('CALL_NOT_RECORDED', 'What the module set does not fit the data here.')
      ctx.setData(data as JsonMap)
      return null
    }
    case 'error':
      ctx.addError(act[1])
      return null
    case 'key':
      ctx.setError(act[1], act[2])
      return null
    default: {
      const never: never = act
      return never
    }
  }
}

function* quietly(question: Gen<unknown>): Gen<void> {
  try {
    yield* question
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow) && asCannotTell(thrown) === null) throw thrown
  }
}
