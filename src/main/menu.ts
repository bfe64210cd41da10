import type { MenuItemConstructorOptions } from 'electron'

/** The native menu. What it does in the app it says to the page, by the name of the app's own command. */
export function buildMenu(
  platform: string,
  command: (name: string) => void,
  { isPackaged = false }: { readonly isPackaged?: boolean } = {}
): MenuItemConstructorOptions[] {
  const item = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => command(name)
  })
  const own: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : []
  return [
    ...own,
    {
      label: '&File',
      submenu: [
        item('Open…', 'import', 'CmdOrCtrl+O'),
        { type: 'separator' },
        { role: platform === 'darwin' ? 'close' : 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Runs', 'go.runs'),
        item('Workflows', 'go.workflows'),
        item('Modules', 'go.modules'),
        item('Posts', 'go.posts'),
        item('Data', 'go.data'),
        item('Settings', 'go.settings'),
        { type: 'separator' },
        item('Back', 'back', 'Alt+Left'),
        item('Forward', 'forward', 'Alt+Right'),
        { type: 'separator' },
        item('Command palette', 'palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        // For who builds Retrace; in a packaged app nothing is pasted into a console because somebody said so.
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' } as const])
      ]
    },
    { role: 'windowMenu' },
    { label: '&Help', submenu: [item('Keyboard shortcuts', 'help')] }
  ]
}
