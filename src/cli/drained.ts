import { once } from 'node:events'

/** Output that nobody reads as fast as it is made must not fill the memory; what nobody reads any more is not waited for. */
export const drained = (): Promise<void> | null =>
  process.stdout.writableNeedDrain
    ? once(process.stdout, 'drain').then(
        () => undefined,
        () => undefined
      )
    : null
