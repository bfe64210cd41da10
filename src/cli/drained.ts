import { once } from 'node:events'

/** Output that nobody reads as fast as it is made must not fill the memory. */
export const drained = (): Promise<void> | null =>
  process.stdout.writableNeedDrain ? once(process.stdout, 'drain').then(() => undefined) : null
