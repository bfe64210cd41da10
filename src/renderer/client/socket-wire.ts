import { socketPath, socketProtocol } from '../../contract/wire.ts'
import type { ConnectionState, Wire } from './transport.ts'

const tokenKey = 'retrace.token'

/** The token comes once in the address (`#token=…`), is kept for this tab, and leaves the address bar at once. */
function takeToken(): string {
  const match = /^#token=([^&]+)/.exec(location.hash)
  if (match?.[1]) {
    sessionStorage.setItem(tokenKey, match[1])
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(tokenKey) ?? ''
}

/** Waits a little longer after each failed try, at most five seconds. */
const delay = (tries: number): number => Math.min(5000, 250 * 2 ** Math.min(tries, 5))

export function createSocketWire(): Wire {
  const token = takeToken()
  const queue: string[] = []
  let receive: (text: string) => void = () => undefined
  let changed: (state: ConnectionState) => void = () => undefined
  let socket: WebSocket | null = null
  let tries = 0

  const connect = () => {
    const address = new URL(socketPath, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.hash = ''
    const next = new WebSocket(address, [socketProtocol, `token.${token}`])
    socket = next
    next.onopen = () => {
      tries = 0
      changed('open')
      for (const text of queue.splice(0)) next.send(text)
    }
    next.onmessage = ({ data }) => receive(String(data))
    next.onclose = ({ code }) => {
      if (socket !== next) return
      socket = null
      queue.length = 0
      // 4401: the host is there and does not know this token (it was restarted).
      if (code === 4401 || token === '') return changed('refused')
      changed('lost')
      setTimeout(connect, delay(tries++))
    }
  }

  return {
    post(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text)
      else queue.push(text)
    },
    onText: (next) => (receive = next),
    onState(next) {
      changed = next
      if (!socket) connect()
    }
  }
}
