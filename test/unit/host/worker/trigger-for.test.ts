import { expect, it } from 'vitest'
import type { CodedError } from '../../../../src/contract/errors.ts'
import { parseWorkflow } from '../../../../src/engine/graph/parse.ts'
import { triggerFor } from '../../../../src/host/worker/runs/trigger-for.ts'
import { workflowOf } from '../samples.ts'

it('says apart from its hint what is wrong, so that nobody cuts it out of the message', () => {
  const workflow = parseWorkflow(workflowOf({ 1: { type: 'trigger', module: 'no-such-trigger' } }), 'w.json')
  let thrown: CodedError | null = null
  try {
    triggerFor(workflow, {})
  } catch (error) {
    thrown = error as CodedError
  }
  const why = thrown?.details?.['why']
  expect(why).toMatch(/has no trigger “no-such-trigger”\.$/)
  expect(thrown).toMatchObject({
    code: 'TRIGGER_UNKNOWN',
    message: `${why} The workflow can be run as if another trigger had fired it, for example event-publish (--as event-publish).`
  })
})
