// What differs between MISP versions, and what a version does because of its process and not because of the workflow. One
// table; code asks it by name and never compares versions.

export interface Profile {
  readonly id: string
  /**
   * The worker of a concurrent branch has no log object: with debug mode on it dies at the first node that ends as success or
   * partial success, after the node's effect and before its post (Workflow::logExecutionIfDebug).
   */
  readonly concurrentWorkerHasNoLog: boolean
  /**
   * The largest job argument in bytes with which a worker can start: jobs carry their data on the command line, and Linux
   * refuses a longer argument (MAX_ARG_STRLEN).
   */
  readonly longestJobArgument: number
}

export const profiles = {
  '2.5.1': { id: '2.5.1', concurrentWorkerHasNoLog: true, longestJobArgument: 131_071 }
} as const satisfies { readonly [id: string]: Profile }

export type ProfileId = keyof typeof profiles
export const defaultProfile: ProfileId = '2.5.1'

export const isProfileId = (id: string): id is ProfileId => Object.hasOwn(profiles, id)
