// The first download of Electron: as long as bytes arrive, until somebody cancels it, and with the reason why there is none.
import { describe, expect, it } from 'vitest'
// @ts-expect-error a script, without types
import * as script from '../../../scripts/electron.mjs'

interface Asked {
  readonly signal: AbortSignal
  readonly getProgressCallback: (progress: { readonly transferred: number; readonly total: number | null }) => void
}

const { fetchElectron } = script as {
  readonly fetchElectron: (options: {
    readonly say: (text: string) => void
    readonly cancelled: AbortSignal
    readonly stallMs?: number
    readonly download: (asked: Asked) => Promise<void>
    readonly install?: () => Promise<unknown>
  }) => Promise<string | null>
}

const never = new AbortController().signal
const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('the download of Electron', () => {
  it('tells how far it is, each step once, and installs what came', async () => {
    const told: string[] = []
    let installed = 0
    const why = await fetchElectron({
      say: (text) => told.push(text),
      cancelled: never,
      download: ({ getProgressCallback }) => {
        for (const transferred of [1e6, 1.0001e6, 50e6, 100e6]) getProgressCallback({ transferred, total: 100e6 })
        return Promise.resolve()
      },
      install: () => Promise.resolve(installed++)
    })
    expect(why).toBeNull()
    expect(told).toEqual(['1 of 100 MB', '50 of 100 MB', '100 of 100 MB'])
    expect(installed).toBe(1)
  })

  it('has no limit but that bytes arrive', async () => {
    const stallMs = 60
    let pieces = 0
    const slow = async ({ signal, getProgressCallback }: Asked): Promise<void> => {
      // Five times as long as it may stand still.
      for (; pieces < 20; pieces++) {
        await new Promise((done) => setTimeout(done, 15))
        if (signal.aborted) throw signal.reason as Error
        getProgressCallback({ transferred: pieces * 1e6, total: null })
      }
    }
    const options = { say: () => undefined, cancelled: never, stallMs, install: () => Promise.resolve() }
    const why = await fetchElectron({ ...options, download: slow })
    // A machine that stalls itself says so; it never ends by the whole time.
    expect(why === null ? pieces : why).toSatisfy((said) => said === 20 || /stood still/.test(String(said)))
    expect(await fetchElectron({ ...options, download: ({ signal }) => ended(signal) })).toMatch(/stood still/)
  })

  it('is cancelled, and fails at once without a network', async () => {
    const cancel = new AbortController()
    const waiting = fetchElectron({
      ...{ say: () => undefined, cancelled: cancel.signal },
      download: ({ signal }) => ended(signal)
    })
    cancel.abort()
    expect(await waiting).toMatch(/was cancelled/)
    const none = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } })
    const why = await fetchElectron({ say: () => undefined, cancelled: never, download: () => Promise.reject(none) })
    expect(why).toBe('Electron could not be downloaded (ENOTFOUND)')
  })
})
