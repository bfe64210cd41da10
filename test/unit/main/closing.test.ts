// How the desktop app ends, against a stand-in for Electron.
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Closing } from '../../../src/main/closing.ts'

/** Electron: quitting asks before-quit, then closes the windows; the last one that is closed ends the app. */
class App extends EventEmitter {
  readonly windows = new Set<Window>()
  isOver = false
  quit = (): void => {
    if (this.prevented('before-quit')) return
    for (const window of this.windows) window.close()
    if (this.windows.size === 0) this.isOver = true
  }
  prevented(event: string, of: EventEmitter = this): boolean {
    let prevented = false
    of.emit(event, { preventDefault: () => (prevented = true) })
    return prevented
  }
}

class Window extends EventEmitter {
  constructor(private readonly app: App) {
    super()
    app.windows.add(this)
  }
  isDestroyed = (): boolean => !this.app.windows.has(this)
  close = (): void => {
    if (!this.app.prevented('close', this)) this.destroy()
  }
  destroy(): void {
    this.app.windows.delete(this)
    if (this.app.windows.size === 0) this.app.emit('window-all-closed')
  }
}

function started(hazard: string | null, answers: (boolean | Error)[], platform = 'linux') {
  const app = new App()
  const [asked, logged]: [string[], string[]] = [[], []]
  let closed = 0
  const closing = new Closing(app, {
    platform,
    parting: () => hazard,
    ask(text) {
      asked.push(text)
      const answer = answers.shift()
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? false)
    },
    close: () => Promise.resolve(void closed++),
    log: (context) => void logged.push(context)
  })
  const window = new Window(app)
  closing.watch(window)
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { app, window, closing, asked, logged, settled, closed: () => closed }
}

describe('closing the desktop app', () => {
  it('ends without a question where nothing was heard', async () => {
    const { app, window, asked, settled, closed } = started(null, [])
    window.close()
    await settled()
    expect([asked, closed(), app.isOver]).toEqual([[], 1, true])
  })

  it.each(['window', 'quit'])(
    'asks once where workflows in debug mode posted, and Cancel keeps it open: %s',
    async (way) => {
      const { app, window, asked, settled, closed } = started('they fail', [false, true])
      const end = (): void => (way === 'window' ? window.close() : app.quit())
      end()
      // Pressed again while it asks.
      end()
      await settled()
      expect([asked, closed(), app.isOver, window.isDestroyed()]).toEqual([['they fail'], 0, false, false])
      end()
      await settled()
      expect([asked.length, closed(), app.isOver, window.isDestroyed()]).toEqual([2, 1, true, true])
    }
  )

  it('asks nobody after a crash of the page, and on a signal', async () => {
    const crashed = started('they fail', [])
    crashed.window.destroy()
    await crashed.settled()
    expect([crashed.asked, crashed.closed(), crashed.app.isOver]).toEqual([[], 1, true])
    const ended = started('they fail', [])
    ended.closing.agree()
    ended.app.quit()
    await ended.settled()
    expect([ended.asked, ended.closed(), ended.app.isOver]).toEqual([[], 1, true])
  })

  it('goes on listening without a window on macOS, and asks when it is quit', async () => {
    const { app, window, asked, settled, closed } = started('they fail', [true], 'darwin')
    window.close()
    await settled()
    expect([asked, closed(), window.isDestroyed()]).toEqual([[], 0, true])
    app.quit()
    await settled()
    expect([asked.length, closed(), app.isOver]).toEqual([1, 1, true])
  })

  it('closes where it cannot ask, and logs it', async () => {
    const { app, asked, logged, settled } = started('they fail', [new Error('no dialogs here')])
    app.quit()
    await settled()
    expect([asked.length, logged, app.isOver]).toEqual([1, ['closing'], true])
  })
})
