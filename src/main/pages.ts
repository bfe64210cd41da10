// Our pages under their own scheme, app://retrace/…: a real origin (unlike file:), with the headers that the browser host sends too.
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pagePolicy } from '../contract/page-policy.ts'

export const pageScheme = 'app'
export const pageOrigin = `${pageScheme}://retrace`

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm'
}

const headers = {
  'content-security-policy': pagePolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer'
}

/** Answers a request of the page with a file below `folder`; deep links get the page itself. */
export async function answerPage(folder: string, address: string): Promise<Response> {
  const path = pathOf(address)
  if (path === null) return new Response('not found', { status: 404, headers })
  const file = join(folder, path)
  try {
    const body = await readFile(file)
    return new Response(new Uint8Array(body), {
      headers: { ...headers, 'content-type': types[extname(file)] ?? 'application/octet-stream' }
    })
  } catch {
    return new Response('not found', { status: 404, headers })
  }
}

/** The file below our folder; null for an address that is none of ours, or that somebody wrote to get out of it on some system. */
function pathOf(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol !== `${pageScheme}:` || url.host !== 'retrace') return null
  try {
    const path = decodeURIComponent(url.pathname).replace(/^\//, '')
    // An address of the app itself, with whatever ids in it.
    if (extname(path) === '') return 'index.html'
    // Names of files are made of these alone; drives, streams and other separators need more.
    return /^[\w./@+~-]*$/.test(path) && path.split('/').every((part) => !/^\.|\.$/.test(part)) ? path : null
  } catch {
    return null
  }
}
