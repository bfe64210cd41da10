// Whether anybody reads what is printed, and as fast as it is made.

let isRead = true
const waiting = new Set<() => void>()

/** Nobody reads any more (`| head`): what is printed from now on goes nowhere. */
export function closeOutput(): void {
  isRead = false
  for (const done of waiting) done()
}

export const isOutputRead = (): boolean => isRead

/** Output that nobody reads as fast as it is made must not fill the memory; what nobody reads any more is not waited for. */
export function drained(): Promise<void> | null {
  if (!isRead || !process.stdout.writableNeedDrain) return null
  return new Promise((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done)
      waiting.delete(done)
      resolve()
    }
    waiting.add(done)
    process.stdout.once('drain', done)
  })
}
