// The container, and what starts it beside misp-docker: as far as it can be told without an engine.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
// @ts-expect-error a script, without types
import * as script from '../../../scripts/package-npm.mjs'

const { manifest } = script as {
  readonly manifest: { readonly bin: object; readonly engines: { readonly node: string } }
}
const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
/** Instructions, each on one line. */
const lines = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
const of = (name: string): string[] =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1).trim())

describe('the image', () => {
  it('copies what is there, and leaves out nothing that it builds from', () => {
    const left = read('.dockerignore').trim().split('\n')
    for (const line of of('COPY').filter((one) => !one.startsWith('--from')))
      for (const file of line.split(' ').slice(0, -1))
        expect([file, existsSync(join(root, file))]).toEqual([file, true])
    for (const needed of ['src', 'scripts', 'resources', 'examples', 'README.md', 'CHANGELOG.md', 'LICENSE'])
      expect(left).not.toContain(needed)
  })

  it('runs the package as a user without rights, on a Node that the package takes', () => {
    expect(of('USER')).toEqual(['node'])
    const least = Number(/^>=(\d+)/.exec(manifest.engines.node)![1])
    for (const image of of('FROM')) expect(Number(/^node:(\d+)-/.exec(image)![1])).toBeGreaterThanOrEqual(least)
    const [program = ''] = JSON.parse(of('ENTRYPOINT')[0]!) as string[]
    expect(manifest.bin).toHaveProperty(program)
  })

  it('is healthy when the port of the app answers, and keeps everything in its volume', () => {
    const args = JSON.parse(of('CMD')[0]!) as string[]
    const port = args[args.indexOf('--port') + 1]!
    expect(of('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${port}/`)
    expect(of('EXPOSE')[0]?.split(' ')).toContain(port)
    expect(of('ENV').join(' ')).toContain(`XDG_DATA_HOME=${of('VOLUME')[0]}`)
  })
})

describe('the compose file', () => {
  // As Docker Compose reads numbers that begin with 0.
  const compose = parse(read('resources/container/compose.retrace.yml'), { version: '1.1' }) as {
    readonly services: Readonly<
      Record<string, { readonly configs?: readonly { source: string; target: string; mode: number }[] }>
    >
    readonly configs: Readonly<Record<string, { readonly content: string }>>
  }

  it('names the service and the script of misp-docker, and sets the URL of the container that it starts', () => {
    expect(Object.keys(compose.services)).toEqual(['retrace', 'misp-core'])
    const [config] = compose.services['misp-core']!.configs!
    // As its entry point looks for it, which runs it only when it may be run.
    expect(config).toEqual({ source: 'retrace-debug-url', target: '/custom/files/customize_misp.sh', mode: 0o755 })
    const text = compose.configs[config!.source]!.content
    expect(text).toMatch(/^#!\/bin\/bash\n/)
    // In quotes: a secret is no part of a shell's line.
    expect(text).toContain("Plugin.Workflow_debug_url 'http://retrace:27051/default/${RETRACE_CAPTURE_SECRET}'")
    expect(of('EXPOSE')[0]?.split(' ')).toContain('27051')
  })
})
