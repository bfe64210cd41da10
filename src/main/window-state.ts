// Windows remember where they were.
import { readFileSync } from 'node:fs'
import { writeAtomic } from '../host/store/files.ts'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  readonly version: 1
  readonly bounds: Partial<Rectangle> & Pick<Rectangle, 'width' | 'height'>
  readonly maximized: boolean
}

const fallback: WindowState = { version: 1, bounds: { width: 1280, height: 800 }, maximized: false }

/** The saved state where it still fits one of the screens; a window on a screen that is gone is centred. */
export function readWindowState(file: string, screens: readonly Rectangle[]): WindowState {
  const state = parseWindowState(file)
  const { x, y, width, height } = state.bounds
  const isVisible = (screen: Rectangle): boolean =>
    x !== undefined &&
    y !== undefined &&
    x < screen.x + screen.width &&
    x + width > screen.x &&
    y >= screen.y &&
    y < screen.y + screen.height
  return screens.some(isVisible) ? state : { ...state, bounds: { width, height } }
}

function parseWindowState(file: string): WindowState {
  try {
    const raw = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>
    const { x, y, width, height } = raw.bounds ?? {}
    if (raw.version !== 1 || !isSize(width) || !isSize(height)) return fallback
    return {
      version: 1,
      bounds: {
        width,
        height,
        ...(Number.isInteger(x) && Number.isInteger(y) ? { x, y } : {})
      } as WindowState['bounds'],
      maximized: raw.maximized === true
    }
  } catch {
    // No file yet, or a broken one: it holds nothing worth keeping.
    return fallback
  }
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 300 && value <= 20_000

export const saveWindowState = (file: string, bounds: Rectangle, maximized: boolean): Promise<void> =>
  writeAtomic(file, JSON.stringify({ version: 1, bounds, maximized } satisfies WindowState) + '\n')
