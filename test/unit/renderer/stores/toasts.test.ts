// Messages: what is said again stands once, with a count.
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import type * as App from '../../../../src/renderer/stores/app.ts'

let app: typeof App
let withToast: typeof App.withToast
beforeAll(async () => {
  // Modules of the renderer look at the browser that they are in.
  vi.stubGlobal('location', { hash: '', pathname: '/', protocol: 'http:', host: 'localhost' })
  vi.stubGlobal('navigator', { platform: '' })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined })
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
  vi.stubGlobal(
    'WebSocket',
    class {
      addEventListener(): void {}
      close(): void {}
    }
  )
  app = await import('../../../../src/renderer/stores/app.ts')
  withToast = app.withToast
})
afterEach(() => void vi.useRealTimers())

it('shows what is said again once, with how often it was said', () => {
  const say = (toasts: readonly App.Toast[], id: number, text: string) =>
    withToast(toasts, { id, text, tone: 'error', code: 'RUN_NOT_REPEATABLE' })
  let toasts: readonly App.Toast[] = []
  for (const [id, text] of ['no', 'other', 'no', 'no'].entries()) toasts = say(toasts, id, text)
  expect(toasts.map(({ id, text, times }) => [id, text, times])).toEqual([
    [1, 'other', undefined],
    [3, 'no', 3]
  ])
  for (const [i, text] of ['a', 'b', 'c', 'd'].entries()) toasts = say(toasts, 10 + i, text)
  expect(toasts.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd'])
})

it('closes the errors of a view that is left once they could be read, and none of the workspace or the connection', () => {
  vi.useFakeTimers()
  const shown = () => app.app.getState().toasts.map(({ text }) => text)
  app.toast('old', { tone: 'error' })
  app.showFailure({ code: 'HOST_LOST', message: 'lost' })
  vi.advanceTimersByTime(60_000)
  app.toast('new', { tone: 'error' })
  expect(shown()).toEqual(['old', 'lost (HOST_LOST)', 'new'])
  app.viewLeft()
  vi.advanceTimersByTime(0)
  expect(shown()).toEqual(['lost (HOST_LOST)', 'new'])
  vi.advanceTimersByTime(5_000)
  expect(shown()).toEqual(['lost (HOST_LOST)'])
})
