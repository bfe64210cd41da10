// Publishing as MISP's ZeroMQ script does: a PUB socket that is bound, one frame a message, topic and JSON with a space between
// (PubSubTool::workflow_push puts the message into the script's queue).
import type { XPublisher } from 'zeromq'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { encodeJson } from '../../engine/php/encode.ts'

export interface ZmqSettings {
  readonly host: string
  readonly port: number
}

type Push = Extract<Effect, { kind: 'zmq' }>

/** A subscriber that is there connects again within this time; a message before that would reach nobody. */
const settleMs = 1000

const zmqFrame = (topic: string, message: Push['message']): string => `${topic} ${encodeJson(message)}`

/** One bound socket, kept open between messages so that subscribers stay. */
export class ZmqPublisher {
  #socket: XPublisher | null = null
  #address: string | null = null
  #subscribed: Promise<boolean> = Promise.resolve(false)
  #sending: Promise<unknown> = Promise.resolve()

  /** Where it listens, e.g. `tcp://127.0.0.1:50000`; null when it does not. */
  get address(): string | null {
    return this.#address
  }

  async bind({ host, port }: ZmqSettings): Promise<void> {
    const address = `tcp://${host === '*' ? '0.0.0.0' : host}:${port}`
    if (this.#address === address) return
    this.close()
    const { XPublisher } = await import('zeromq')
    const socket = new XPublisher({ linger: 500 })
    try {
      await socket.bind(address)
    } catch (error) {
      socket.close()
      throw error
    }
    this.#socket = socket
    this.#address = address
    this.#subscribed = this.#firstSubscription(socket)
  }

  async #firstSubscription(socket: XPublisher): Promise<boolean> {
    try {
      await socket.receive()
      return true
    } catch {
      return false
    }
  }

  /** Waits a moment for a subscriber, then publishes. Never rejects; that nobody listens is no failure, as in MISP. */
  async push({ topic, message }: Push, settings: ZmqSettings): Promise<EffectAnswer> {
    const send = async (): Promise<EffectAnswer> => {
      try {
        await this.bind(settings)
        await this.hasSubscriber(settleMs)
        await this.#socket?.send(zmqFrame(topic, message))
        return { sent: true }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return { failure: 'refused', message: `ZeroMQ at ${settings.host}:${settings.port}: ${reason}` }
      }
    }
    const sent = this.#sending.then(send, send)
    this.#sending = sent
    return sent
  }

  async hasSubscriber(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), withinMs)))
    try {
      return await Promise.race([this.#subscribed, late])
    } finally {
      clearTimeout(timer)
    }
  }

  close(): void {
    this.#socket?.close()
    this.#socket = null
    this.#address = null
  }
}
