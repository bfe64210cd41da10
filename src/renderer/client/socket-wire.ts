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

/** Pages of one address, as far as they are connected, give a new one the token: only they hear the channel. */
const channelName = 'retrace.access'
const answerMs = 400

function answerOthers(token: () => string | null): void {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const own = token()
    if (data === 'ask' && own !== null) channel.postMessage({ token: own })
  }
}

/** Empty when no other page answers. */
const askOthers = (): Promise<string> =>
  new Promise((resolve) => {
    const channel = new BroadcastChannel(channelName)
    const end = (token: string) => {
      clearTimeout(timer)
      channel.close()
      resolve(token)
    }
    const timer = setTimeout(() => end(''), answerMs)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const given = typeof data === 'object' && data !== null ? (data as { token?: unknown }).token : undefined
      if (typeof given === 'string') end(given)
    }
    channel.postMessage('ask')
  })

/** Waits a little longer after each failed try, at most five seconds. */
const delay = (tries: number): number => Math.min(5000, 250 * 2 ** Math.min(tries, 5))

export function createSocketWire(): Wire {
  let token = takeToken()
  let isOpen = false
  let hasAsked = false
  answerOthers(() => (isOpen ? token : null))
  const queue: string[] = []
  let receive: (text: string) => void = () => undefined
  let changed: (state: ConnectionState) => void = () => undefined
  let socket: WebSocket | null = null
  let tries = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  const connect = () => {
    clearTimeout(waiting)
    waiting = undefined
    const address = new URL(socketPath, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.hash = ''
    const next = new WebSocket(address, [socketProtocol, `token.${token}`])
    socket = next
    next.onopen = () => {
      tries = 0
      isOpen = true
      changed('open')
      for (const text of queue.splice(0)) next.send(text)
    }
    next.onmessage = ({ data }) => receive(String(data))
    next.onclose = ({ code }) => {
      if (socket !== next) return
      socket = null
      isOpen = false
      queue.length = 0
      // 4401: the host is there and does not know this token (it was restarted).
      if (code === 4401 || token === '') return void refused()
      changed('lost')
      waiting = setTimeout(connect, delay(tries++))
    }
  }

  // The address alone, in a second tab: a page that is connected tells it the token, once.
  const refused = async (): Promise<void> => {
    const given = hasAsked ? '' : await askOthers()
    hasAsked = true
    if (given === '' || given === token) return changed('refused')
    token = given
    sessionStorage.setItem(tokenKey, token)
    connect()
  }

  // Who does something now does not wait for the next try. A new address may bring a new token into a page that is there.
  const hurry = () => {
    const before = token
    token = takeToken() || token
    if (waiting !== undefined || (socket === null && token !== before)) connect()
  }
  for (const event of ['focus', 'online', 'hashchange']) addEventListener(event, hurry)

  return {
    post(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text)
      else queue.push(text)
    },
    onText: (next) => (receive = next),
    onState(next) {
      changed = next
      if (socket) return
      if (token === '') void refused()
      else connect()
    }
  }
}
