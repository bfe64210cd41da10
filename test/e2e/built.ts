// Before the first test: what is missing or older than its sources is built, once. No test builds anything under the feet of another one.
// @ts-expect-error a script, without types
import * as script from '../../scripts/lib.mjs'

export default async function build(): Promise<void> {
  await (script.ensureBuilt as (targets: readonly string[], say: (text: string) => void) => Promise<void>)(
    ['node', 'renderer'],
    console.log
  )
  process.env.RETRACE_NO_BUILD = '1'
}
