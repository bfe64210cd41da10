// A run of Retrace once more: exactly as it was, or in the world, settings and modules of the workspace as they are now.
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { openRuns } from './run.ts'
import { navigate } from './router.ts'

/** Goes to the new run. What keeps it from being exact is said. */
async function again(runId: string, todaysWorld: boolean): Promise<void> {
  const answer = await client.call('run.again', { runId, todaysWorld })
  if (!answer.ok) return showFailure(answer.error)
  const { lacks } = answer.data
  if (lacks.length > 0) toast(lacks.join(' '))
  navigate(['runs', answer.data.runId])
}

/** Where it is known that it cannot be, the reason is said. */
export async function againAsItWas(runId: string): Promise<void> {
  const why = openRuns.getState().byId.get(runId)?.notRepeatable ?? null
  if (why !== null) return toast(why)
  await again(runId, false)
}
export const againToday = (runId: string): Promise<void> => again(runId, true)

export const asItWasHint =
  'With its clock, UUIDs, settings, responses and the rows that it read, from its file alone; nothing is sent'
export const todayHint =
  'With World, settings and modules of the workspace as they are now, and what changed since; nothing is sent'
