import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds between tries: a second and a half in all. */
const pauses = [10, 20, 50, 100, 200, 400, 700]

/**
 * On Windows a file cannot be replaced or moved while another program looks into it (a virus scanner, an index, a reader of our own), which takes
 * moments. Elsewhere the same errors mean what they say, and come at once.
 */
export async function patiently<T>(
  move: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
  wait: (ms: number) => Promise<unknown> = pause
): Promise<T> {
  for (const ms of platform === 'win32' ? pauses : []) {
    try {
      return await move()
    } catch (error) {
      if (!/^(EPERM|EACCES|EBUSY)$/.test(String((error as NodeJS.ErrnoException).code))) throw error
      await wait(ms)
    }
  }
  return move()
}
