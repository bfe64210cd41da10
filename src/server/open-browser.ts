import { spawn } from 'node:child_process'

/** Opens a page in the browser of whoever sits here. Without one the printed address has to do. */
export function openInBrowser(url: string, env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return
  const [program, ...before] = openers[process.platform] ?? ['xdg-open']
  spawn(program, [...before, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // Explorer takes what is behind “#” or “=” for another argument, and `start` is a command of a shell.
  win32: ['rundll32', 'url.dll,FileProtocolHandler']
}
