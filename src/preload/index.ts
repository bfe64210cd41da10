// The only thing that a page gets: the text wire to the host, and a way to hand over a file that the user chose.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { bridgeKey, ipcChannel, uploadChannel } from '../contract/wire.ts'
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
  upload: (file) =>
    ipcRenderer.invoke(uploadChannel, webUtils.getPathForFile(file as File)) as ReturnType<DesktopBridge['upload']>
}

contextBridge.exposeInMainWorld(bridgeKey, bridge)
