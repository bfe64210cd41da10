// What callers are told where the disk, or another call, was quicker.
import { getEventListeners } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ownCall } from '../../../src/host/registry/calls.ts'
import { tellOnce } from '../../../src/host/ports/log.ts'
import { failureOfSystem, toFailure } from '../../../src/host/registry/failure.ts'
import { asWriteError } from '../../../src/host/store/files.ts'
import { hosting } from './hosting.ts'

const { open, folder } = hosting()

describe('a failure', () => {
  it('of the disk has a code and names the file, and is no mistake', async () => {
    const mistakes: unknown[] = []
    const file = join(folder(), 'gone.upload')
    const error = await readFile(file).catch((reason: unknown) => reason)
    expect(toFailure(error, 'x', (_context, mistake) => mistakes.push(mistake))).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: 'gone.upload cannot be read or written (ENOENT).'
    })
    const full = Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write', path: file })
    expect(toFailure(full, 'x', () => undefined).code).toBe('STORE_WRITE_FAILED')
    expect(mistakes).toEqual([])
  })

  it('to write names the file by its place in the workspace, elsewhere by its name alone', async () => {
    const host = await open()
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
    const said = (file: string) => asWriteError(full, file).message
    expect(said(join(host.workspace.folder, 'workflows', 'guard', '2.json'))).toBe(
      'workflows/guard/2.json cannot be written: the disk is full.'
    )
    expect(said(join(folder(), 'deep', 'export.json'))).toBe('export.json cannot be written: the disk is full.')
  })

  it('of the disk behind a person’s back is told as that, once, and is no internal error', async () => {
    const error = await readFile(join(folder(), '000001.seg')).catch((reason: unknown) => reason)
    const [told, logged]: [string[], string[]] = [[], []]
    const tell = (code: string, message: string) => void told.push(`${code} ${message}`)
    const mistake = tellOnce((context) => void logged.push(context), tell, failureOfSystem)
    for (const [context, what] of [
      ['capture', error],
      ['capture', error],
      ['runs', new TypeError('x')]
    ] as const)
      mistake(context, what)
    expect(told).toEqual([
      'FILE_UNREADABLE 000001.seg cannot be read or written (ENOENT). Retrace continues without it (capture).',
      'INTERNAL An internal error occurred (runs); Retrace continues. Details are in retrace.log.'
    ])
    expect(logged).toEqual(['capture', 'capture', 'runs'])
  })

  it('of Retrace stays one', () => {
    const mistakes: unknown[] = []
    expect(toFailure(new TypeError('x'), 'x', (_context, mistake) => mistakes.push(mistake)).code).toBe('INTERNAL')
    expect(mistakes).toHaveLength(1)
  })

  it.each([null, 5, true, 'text'])('of a workflow that is %s is WORKFLOW_INVALID', async (workflow) => {
    const host = await open()
    const failed = { ok: false, error: { code: 'WORKFLOW_INVALID' } }
    expect(await host.call('workflows.save', { workflow })).toMatchObject(failed)
    expect(await host.call('workflows.save', { text: JSON.stringify(workflow) })).toMatchObject(failed)
  })

  it('of one upload that is used by several calls at once has a code', async () => {
    const host = await open()
    const uploadId = await host.uploads.receive(Readable.from([Buffer.from('{"Event": {}}')]))
    const names = [
      'data.import',
      'capture.import',
      'takeover.import',
      'data.import',
      'answers.import',
      'capture.import'
    ]
    const answers = await Promise.all(names.map((name) => host.call(name, { name: 'x', uploadId })))
    for (const answer of answers) if (!answer.ok) expect(answer.error.code).not.toBe('INTERNAL')
    expect(answers.some(({ ok }) => ok)).toBe(true)
  })
})

describe('calls without an id', () => {
  it('leave nothing on the signal that they share', async () => {
    const host = await open()
    for (let i = 0; i < 5; i++) expect(await host.call('storage.compact', {})).toMatchObject({ ok: true })
    expect(getEventListeners(ownCall.signal, 'abort')).toEqual([])
  })
})
