// What a measure of the app is held against: the same machine's time for something that no code of ours is in.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'

/** Milliseconds. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await action()
  return performance.now() - before
}

/** How long it takes to read what a file holds, line by line. */
export const parsing = (file: string): Promise<number> =>
  timed(async () => {
    for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') JSON.parse(line)
  })

/** A page of the same server's speed that shows one word. */
export async function emptyPage(page: Page): Promise<number> {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><h1>Runs</h1>')
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const open = async (): Promise<void> => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
  }
  try {
    return await timed(open)
  } finally {
    server.close()
  }
}
