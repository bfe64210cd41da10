// Somebody stops reading what a command prints (`| head`): it does what it began, and ends with its own status and without a complaint.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { env, script } from './retrace.ts'

const folder = temporaryFolders()

it('a command whose output is closed at once ends with its own status', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'w.json'), JSON.stringify(guard))
  writeFileSync(join(cwd, 'e.json'), JSON.stringify(eventOf(2000, ['tlp:red'])))
  // Blocked: status 1, after more output than a pipe holds.
  const child = spawn(process.execPath, [script, 'run', 'w.json', '--data', 'e.json', '--json'], { cwd, env })
  child.stdout.destroy()
  let complained = ''
  child.stderr.on('data', (piece: Buffer) => (complained += piece.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  expect([status, complained]).toEqual([1, ''])
}, 60_000)
