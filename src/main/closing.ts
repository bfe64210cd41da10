// How the desktop app ends. Where workflows in debug mode posted since the start, a person is asked first: MISP's own operations fail while nobody
// listens. Never where nothing was heard, after a crash, or on a signal, which nobody is there to answer. Electron is stood in for by tests.
import type { LogMistake } from '../host/ports/log.ts'

interface Preventable {
  preventDefault(): void
}

export interface ClosingApp {
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown
  on(event: 'window-all-closed', listener: () => void): unknown
  quit(): void
}

export interface ClosingWindow {
  on(event: 'close', listener: (event: Preventable) => void): unknown
  isDestroyed(): boolean
  close(): void
}

export interface ClosingOptions {
  /** What is left behind; null: nothing. */
  readonly parting: () => string | null
  /** Resolves to whether to close. */
  readonly ask: (hazard: string) => Promise<boolean>
  readonly close: () => Promise<void>
  readonly log: LogMistake
  readonly platform: string
}

export class Closing {
  #agreed = false
  #asking = false
  #closing = false
  #closed = false

  constructor(
    private readonly app: ClosingApp,
    private readonly options: ClosingOptions
  ) {
    app.on('window-all-closed', () => {
      // On macOS the app stays, and goes on listening.
      if (options.platform === 'darwin') return
      // Its window asked; one whose page has crashed went without a question.
      this.agree()
      app.quit()
    })
    app.on('before-quit', (event) => {
      if (this.#closed) return
      event.preventDefault()
      this.#ask(() => {
        this.#closing = true
        void options.close().finally(() => {
          this.#closed = true
          app.quit()
        })
      })
    })
  }

  /** The workspace is being closed, or is: nothing can be opened in it any more. */
  get hasBegun(): boolean {
    return this.#closing
  }

  /** The window of the app: where closing it ends the app, it asks before it is gone. */
  watch(window: ClosingWindow): void {
    if (this.options.platform === 'darwin') return
    window.on('close', (event) => {
      if (this.#agreed || this.options.parting() === null) return
      event.preventDefault()
      this.#ask(() => {
        if (!window.isDestroyed()) window.close()
      })
    })
  }

  /** Nobody is asked any more. */
  agree(): void {
    this.#agreed = true
  }

  #ask(goOn: () => void): void {
    const hazard = this.#agreed ? null : this.options.parting()
    if (hazard === null) {
      this.agree()
      return goOn()
    }
    if (this.#asking) return
    this.#asking = true
    this.options
      .ask(hazard)
      .catch((error: unknown) => {
        // Nobody must be kept in an app that cannot ask.
        this.options.log('closing', error)
        return true
      })
      .then((yes) => {
        this.#asking = false
        if (!yes) return
        this.agree()
        goOn()
      })
      .catch((error: unknown) => this.options.log('closing', error))
  }
}
