// What an offline run gives to be compared: its posts lane by lane, what it made up, and what it did not know.
import type { RunEvent } from '../../../contract/run.ts'
import { say, theirs } from '../../../contract/sentence.ts'
import type { VerifyMissing } from '../../../contract/verify.ts'
import { modulesOf } from '../../modules/table.ts'
import type { ProfileId } from '../../profiles/profiles.ts'
import { LaneBook } from './posts.ts'
import type { Lane } from './posts.ts'
import { UnknownBook } from './unknowns.ts'

export class OfflineBook {
  readonly book: LaneBook
  readonly unknowns = new UnknownBook()
  readonly uuids = new Set<string>()
  readonly ids = new Set<string>()
  #job = ''

  constructor(
    readonly runId: string,
    readonly profile: ProfileId
  ) {
    this.book = new LaneBook(runId)
  }

  /** Where the run is. */
  current(): Lane {
    return this.book.lane(this.#job)
  }

  /** Something was not known at this moment of the run. */
  missed(missing: VerifyMissing, until: 'post' | 'next' | 'never' = 'never'): void {
    const job = this.#job
    this.unknowns.add({ missing, job, at: this.book.lane(job).posts.length, until })
  }

  take(event: RunEvent): void {
    // A run that this one fired is a part of the node that fired it.
    if (event.runId === this.runId) this.#job = (event.data as { readonly job?: string }).job ?? ''
    if (event.type === 'job.queued' || event.type === 'job.finished') this.#job = ''
    this.unknowns.take(event, this.#job, this.book.lane(this.#job).posts.length)
    if (event.type === 'world.changed' && event.data.change.op === 'added') {
      const { id } = event.data.change.row
      if (typeof id === 'string' || typeof id === 'number') this.ids.add(String(id))
    }
    if (event.type === 'trigger.fired' && event.data.runId === null) this.#notFired(event.data)
    if (event.type === 'run.finished' && event.data.outcome === 'cannot tell')
      this.missed({ what: 'limit', text: theirs(event.data.outcomeText) })
    if (event.type === 'job.finished' && event.data.cannotTell !== undefined)
      this.unknowns.add({
        missing: { what: 'limit', text: theirs(event.data.cannotTell) },
        ...{ job: event.data.job, at: this.book.lane(event.data.job).posts.length, until: 'never' }
      })
    this.book.take(event)
  }

  /** A blocking trigger's workflow can refuse what the node does. */
  #notFired({ triggerId, reason }: { readonly triggerId: string; readonly reason?: string }): void {
    if (reason !== noWorkflow || modulesOf(this.profile).find('trigger', triggerId)?.blocking !== true) return
    this.missed({
      what: 'trigger',
      text: say`Whether MISP had a workflow for the trigger ${theirs(triggerId)} is not known. Import that workflow.`
    })
  }
}

/** As fire.ts says it. */
const noWorkflow = 'no workflow uses this trigger'
