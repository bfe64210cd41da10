import { describe, expect, it } from 'vitest'
import { createBudget, pregMatch } from '../../../../src/engine/hash/regex/preg.ts'

const matches = (pattern: string, subject: string): boolean => pregMatch(pattern, subject).matched

describe('pregMatch', () => {
  const yes: [string, string][] = [
    ['/^ip-(src|dst)$/', 'ip-dst'],
    ['/IP/i', 'an ip'],
    ['#a/b#', 'xa/b'],
    ['{a{1,2}b}', 'aab'],
    ['/^..$/', 'é'],
    ['/^.$/u', 'é'],
    ['/É/iu', 'é'],
    ['/a$/', 'a\n'],
    ['/^b$/m', 'a\nb\nc'],
    ['/a.b/s', 'a\nb'],
    ['/a b # note\n c/x', 'abc'],
    ['/[[:alpha:]]+\\b/', '12ab'],
    ['/\\A\\h+\\d{2,}\\z/', '\t 123'],
    ['/(?<=ab|c)d/', 'xcd'],
    ['/\\((?:[^()]++|(?R))*\\)/', '(a(b)c)'],
    ['/(?(?=a)ab|cd)/', 'cd'],
    ['/(?i:A)b/', 'ab'],
    ['/\\Qa.b\\E+/', 'a.bbb'],
    ['/^(.)\\1$/', 'aa'],
    ['/x{,3}/', 'x{,3}'],
    ['/[]a]/', ']'],
    ['/\\p{Lu}/u', 'É']
  ]
  it.each(yes)('%s matches %j', (pattern, subject) => {
    expect(pregMatch(pattern, subject)).toMatchObject({ matched: true, problem: null })
  })

  const no: [string, string][] = [
    ['/^.$/', 'é'],
    ['/^É$/i', 'é'],
    ['/a$/D', 'a\n'],
    ['/a\\z/', 'a\n'],
    ['/a++ab/', 'aaab'],
    ['/^(?>a*)ab/', 'aaab'],
    ['/(?<!a)b/', 'ab'],
    ['/b/A', 'ab'],
    ['/^b/m', 'a\n']
  ]
  it.each(no)('%s does not match %j', (pattern, subject) => {
    expect(pregMatch(pattern, subject)).toMatchObject({ matched: false, problem: null })
  })

  it.each([
    'abc',
    '',
    '/a',
    '/a/e',
    '/(/',
    '/)/',
    '/[z-a]/',
    '/a**/',
    '/(?<=a+)b/',
    '/\\y/',
    '/\\2/',
    '/(a{60000}){60000}/'
  ])('calls %s invalid', (pattern) => {
    expect(pregMatch(pattern, 'a')).toMatchObject({ matched: false, problem: 'REGEX_INVALID' })
  })

  it('says what it does not support', () => {
    expect(pregMatch('/a(*SKIP)b/', 'ab').problem).toBe('REGEX_UNSUPPORTED')
  })

  it('gives groups by number and name', () => {
    expect(pregMatch('/(?P<a>x)?(?<b>y)(z)?/', 'y').groups()).toEqual({ 0: 'y', 1: '', a: '', 2: 'y', b: 'y' })
    expect(pregMatch('/(é)(.+)/', 'xé€').groups()).toEqual(['é€', 'é', '€'])
  })

  it('answers hostile patterns without using up the limit', () => {
    expect(pregMatch('/^(a+)+$/', `${'a'.repeat(5000)}!`)).toMatchObject({ matched: false, problem: null })
    expect(pregMatch('/^(a|a)*$/', `${'a'.repeat(20000)}b`)).toMatchObject({ matched: false, problem: null })
    expect(matches('/(?:.|\\n)*x/', `${'y'.repeat(100_000)}x`)).toBe(true)
  })

  it('stops at a limit, and for all matches of one operation together', () => {
    expect(pregMatch('/(a+)+\\1$/', `${'a'.repeat(40)}!`).problem).toBe('REGEX_TOO_COMPLEX')
    expect(pregMatch('/(?R)/', 'a').problem).toBe('REGEX_TOO_COMPLEX')
    const budget = createBudget()
    budget.steps = 2_000_000
    const problems = Array.from({ length: 10 }, () => pregMatch('/(a+)+\\1$/', `${'a'.repeat(40)}!`, budget).problem)
    expect(new Set(problems)).toEqual(new Set(['REGEX_TOO_COMPLEX']))
    expect(budget.steps).toBeLessThan(0)
  })
})
