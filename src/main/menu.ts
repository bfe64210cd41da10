import type { MenuItemConstructorOptions } from 'electron'

/** The native menu. What it does in the app it says to the page, by the name of the app's own command. */
export function buildMenu(platform: string, command: (name: string) => void): MenuItemConstructorOptions[] {
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
        item('Open…', 'file.open', 'CmdOrCtrl+O'),
        { type: 'separator' },
        { role: platform === 'darwin' ? 'close' : 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Runs', 'view.runs'),
        item('Workflows', 'view.workflows'),
        item('Modules', 'view.modules'),
        item('Data', 'view.data'),
        { type: 'separator' },
        item('Command palette', 'palette.open', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' }
      ]
    },
    { role: 'windowMenu' },
    { label: '&Help', submenu: [item('Keyboard shortcuts', 'help.shortcuts')] }
  ]
}
