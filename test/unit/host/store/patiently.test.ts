import { describe, expect, it } from 'vitest'
import { patiently } from '../../../../src/host/store/patiently.ts'

const refusal = (code: string): Error => Object.assign(new Error(code), { code })

describe('a move on Windows', () => {
  it('waits for whoever looks into the file, and says what is wrong when that takes too long', async () => {
    let tries = 0
    const waited: number[] = []
    const wait = async (ms: number): Promise<void> => void waited.push(ms)
    const move = async (after: number): Promise<string> => {
      if (++tries <= after) throw refusal(['EPERM', 'EACCES', 'EBUSY'][tries % 3]!)
      return 'moved'
    }
    expect([await patiently(() => move(4), 'win32', wait), tries]).toEqual(['moved', 5])
    expect(waited).toEqual([10, 20, 50, 100])
    tries = 0
    await expect(patiently(() => move(99), 'win32', wait)).rejects.toThrow('E')
    expect(tries).toBe(8)
  })

  it('does not wait for what does not pass, or on another system', async () => {
    const wait = (): never => {
      throw new Error('waited')
    }
    const refuse = (code: string) => async (): Promise<void> => {
      throw refusal(code)
    }
    await expect(patiently(refuse('ENOSPC'), 'win32', wait)).rejects.toThrow('ENOSPC')
    await expect(patiently(refuse('EPERM'), 'linux', wait)).rejects.toThrow('EPERM')
  })
})
