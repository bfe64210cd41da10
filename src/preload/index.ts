// The only thing that a page gets: the text wire to the host, and the path of a file that the user chose.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { bridgeKey, ipcChannel } from '../contract/wire.ts'
import type { DesktopBridge } from '../contract/wire.ts'

const bridge: DesktopBridge = {
  post: (text) => ipcRenderer.send(ipcChannel, text),
  listen(receive) {
    const listener = (_event: unknown, text: string): void => receive(text)
    ipcRenderer.on(ipcChannel, listener)
    return () => void ipcRenderer.off(ipcChannel, listener)
  },
  onCommand(receive) {
    const listener = (_event: unknown, name: string): void => receive(name)
    ipcRenderer.on(`${ipcChannel}:command`, listener)
    return () => void ipcRenderer.off(`${ipcChannel}:command`, listener)
  },
  platform: process.platform,
  pathOf: (file) => webUtils.getPathForFile(file as File)
}

contextBridge.exposeInMainWorld(bridgeKey, bridge)
