// What is said about a command line that is not understood: what is wrong with it, and what may have been meant.
import { describe, expect, it } from 'vitest'
import { numberOption, parseCommand } from '../../../src/cli/args.ts'
import { retraceHere } from './here.ts'

const kinds = { data: 'text', workspace: 'text', json: 'flag', value: 'list' } as const
const parse = (...args: readonly string[]) => parseCommand(args, kinds, 'do THIS', { min: 0, max: 1 })
const said = (...args: readonly string[]): string => {
  try {
    parse(...args)
    return 'nothing'
  } catch (error) {
    return String(error).replace('CodedError: ', '').replace('. Usage: retrace do THIS', '')
  }
}

describe('options', () => {
  it('are taken in every form that shells write', () => {
    expect(parse('x', '--data', 'a b', '--json', '--value=1', '--value', '', '--workspace=--odd')).toEqual({
      options: { data: 'a b', workspace: '--odd', json: true, value: ['1', ''] },
      words: ['x']
    })
    expect(parse('--', '--data').words).toEqual(['--data'])
    expect(parse('--data', '-').options.data).toBe('-')
    expect(parse('--json', '--json').options.json).toBe(true)
  })

  it.each([
    [['--dta', 'x'], 'There is no option --dta (near it: --data)'],
    [['--work=x'], 'There is no option --work (near it: --workspace)'],
    [['--no-json'], 'There is no option --no-json (near it: --json)'],
    [['--no.pe=1'], 'There is no option --no.pe'],
    [['-x'], 'There is no option -x'],
    [['--__proto__', 'x'], 'There is no option --__proto__'],
    [['--data'], '--data needs a value'],
    [['--data', '--json'], '--data needs a value; one that begins with a dash is written --data=--json'],
    [['--json=yes'], '--json takes no value'],
    // The second would be taken, and the first forgotten.
    [['--data', 'a', '--data', 'b'], '--data is given more than once'],
    [['--data='], '--data is empty, as a variable of the shell is that was never set'],
    [[''], 'An argument is empty, as a variable of the shell is that was never set'],
    [['a', 'b'], 'Unexpected argument “b”']
  ])('%j: %s', (args, text) => expect(said(...args)).toBe(text))

  it('that are numbers are whole ones, in digits', () => {
    expect(numberOption('007', 'n', 0, 10)).toBe(7)
    for (const odd of ['', ' 1', '0x10', '1e1', '1.5', '-1', '11', '１', '9'.repeat(16)])
      expect(() => numberOption(odd, 'n', 0, 10)).toThrow(`--n takes a whole number from 0 to 10, not “${odd}”.`)
  })
})

describe('help', () => {
  it('is given for a command in the three ways that people ask for it', async () => {
    const { out } = await retraceHere('run', '--help')
    expect(out).toMatch(/^retrace run WORKFLOW --data F/)
    for (const args of [
      ['help', 'run'],
      ['--help', 'run'],
      ['run', '-h'],
      ['run', 'w', '-h']
    ])
      expect(await retraceHere(...args)).toEqual({ status: 0, out, err: '' })
    for (const args of [[], ['help'], ['-h'], ['help', 'help']])
      expect((await retraceHere(...args)).out).toMatch(/^Debug and replay MISP workflows offline/)
  })

  it('says what may have been meant', async () => {
    for (const args of [['rn'], ['help', 'rn']])
      expect(await retraceHere(...args)).toEqual({
        status: 3,
        out: '',
        err: 'error COMMAND_INVALID: There is no command “rn”. Near it: run. `retrace help` lists them.'
      })
  })

  it('is no answer to a shell that completes a line with --help in it', async () => {
    expect((await retraceHere('completion', 'suggest', '--', 'retrace', 'run', '--help', '--da')).out).toMatch(
      /^none\n--data\t/
    )
  })

  it('is not pushed off the screen by what was typed', async () => {
    const { status, err } = await retraceHere('run', 'x'.repeat(100_000), '--data', 'y')
    expect([status, err.length < 2000, err.slice(0, 23)]).toEqual([3, true, 'error FILE_NOT_FOUND: x'])
  })
})
