// Questions of the desktop app itself, in the system's own dialogs.
import { BrowserWindow, dialog, shell, webContents } from 'electron'
import type { MessageBoxOptions } from 'electron'
import type { TroubleDialogs } from './hardening.ts'
import type { LinkDialogs } from './links.ts'

/** The number of the button. */
const ask = async (options: MessageBoxOptions): Promise<number> => (await dialog.showMessageBox(options)).response

export const troubleDialogs: TroubleDialogs = {
  async gone(reason) {
    const message = 'This window’s page has crashed.'
    const detail = `Reason: ${reason}. Posts are still received, and no saved data is lost.`
    const buttons = ['Reload', 'Close the window']
    return (await ask({ type: 'error', message, detail, buttons, defaultId: 0, cancelId: 1 })) === 0
      ? 'reload'
      : 'close'
  },
  async stuck(signal) {
    const message = 'This window is not responding.'
    const detail = 'It may be busy with large data. Reloading discards unsaved changes.'
    const buttons = ['Wait', 'Reload']
    const options = { type: 'warning', message, detail, buttons, defaultId: 0, cancelId: 0, signal } as const
    return (await ask({ ...options, buttons: [...buttons] })) === 1 ? 'reload' : 'wait'
  },
  close(contents) {
    const own = webContents.getAllWebContents().find((one) => one === (contents as unknown))
    if (own) BrowserWindow.fromWebContents(own)?.destroy()
  }
}

/** Whether to close although MISP goes on posting. */
export async function askToClose(hazard: string): Promise<boolean> {
  const message = 'Close Retrace while workflows of MISP are in debug mode?'
  const buttons = ['Cancel', 'Close Retrace']
  return (await ask({ type: 'warning', message, detail: hazard, buttons, defaultId: 0, cancelId: 0 })) === 1
}

export const linkDialogs: LinkDialogs = {
  async confirm(url) {
    const message = `Open ${url.host} in your browser?`
    const buttons = ['Cancel', 'Open']
    return (await ask({ type: 'question', message, detail: url.href, buttons, defaultId: 0, cancelId: 0 })) === 1
  },
  open: (url) => shell.openExternal(url)
}
