// What carries the client's messages, whatever the shell.
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

/** A text wire to the host. It reconnects by itself; what was under way when it broke is answered as HOST_LOST. */
export interface Wire {
  post(text: string): void
  onText(receive: (text: string) => void): void
  onState(changed: (state: ConnectionState) => void): void
}
