// What a MISP version does differently because of its engine or its process. Each difference is a name; code asks for the name and
// never compares versions. What a version changes of one module stands in that module's folder (`versions`, `addedIn`, `missingIn`).

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

/** A profile as its file states it: what differs from the one that it extends. */
export type ProfileDifferences = Partial<Omit<Profile, 'id'>>
