import type { CaptureStatus } from '../contract/workspace.ts'
import type { ShellHost } from '../host/connect-shell.ts'

/** Says why MISP's posts are not taken, each reason once: who looks at a terminal or at the log of a container sees no page. */
export function tellListener(host: Pick<ShellHost, 'listen' | 'call'>, say: (line: string) => void): void {
  let said: string | null = null
  const look = ({ state, message }: CaptureStatus): void => {
    const reason = state === 'failed' ? message : null
    if (reason !== null && reason !== said) say(`note MISP’s posts are not taken: ${reason}`)
    said = reason
  }
  host.listen((event) => {
    if (event.name === 'capture.changed') look(event.data)
  })
  // It may have failed before somebody listened.
  void host.call('capture.status', {}).then((answer) => {
    if (answer.ok) look(answer.data as CaptureStatus)
  })
}
