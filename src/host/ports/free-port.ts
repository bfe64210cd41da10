// The next port that nobody listens on, to be offered where the one that is wanted is taken.
import { createServer } from 'node:net'

const tries = 50

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** Null when none of the next fifty is free. */
export async function freePortAfter(host: string, port: number): Promise<number | null> {
  for (let next = port + 1; next <= Math.min(port + tries, 65_535); next++) if (await isFree(host, next)) return next
  return null
}
