import { describe, expect, it } from 'vitest'
import { debugTarget } from '../../../../src/engine/run/posts/post-url.ts'

const at = (url: string): string => {
  const { path, query } = debugTarget(url)
  return query === '' ? path : `${path}?${query}`
}

describe('the URL of a debug post, as CakePHP rebuilds it', () => {
  it('keeps path and query', () => {
    expect(debugTarget('http://127.0.0.1:27051/t/exec/m?result=success')).toEqual({
      origin: 'http://127.0.0.1:27051',
      path: '/t/exec/m',
      query: 'result=success'
    })
  })
  it('keeps a base path and doubles a trailing slash', () => {
    expect(at('http://h/base/path/t/init?type=blocking')).toBe('/base/path/t/init?type=blocking')
    expect(at('http://h//t/init')).toBe('//t/init')
  })
  it('lets a query in the setting swallow the path', () => {
    expect(at('http://h/x?token=1/t/init?type=blocking')).toBe('/x?token=1%2Ft%2Finit%3Ftype%3Dblocking')
  })
  it('encodes an exception text, cuts it at # and splits it at &', () => {
    expect(at('http://h/t?result=error&message=boom & "quotes" #hash')).toBe(
      '/t?result=error&message=boom+&+%22quotes%22+'
    )
    expect(at("http://h/t?message=can't: \u00e9")).toBe('/t?message=can%27t%3A+%C3%A9')
  })
  it('turns control characters into underscores', () => {
    expect(at('http://h/t?message=a\nb')).toBe('/t?message=a_b')
  })
  it('takes user and password for basic authentication', () => {
    expect(debugTarget('http://user:pass@h:1/t').authorization).toBe('Basic dXNlcjpwYXNz')
    expect(debugTarget('http://h:1/t').authorization).toBeUndefined()
  })
  it('leaves the standard port out of the origin', () => {
    expect(debugTarget('https://h/t').origin).toBe('https://h')
    expect(debugTarget('http://h:80/t').origin).toBe('http://h')
  })
  it('makes a host without a scheme a URL', () => {
    expect(debugTarget('localhost:27051/t').origin).toBe('http://localhost:27051')
  })
  it('builds nested and repeated keys again', () => {
    expect(at('http://h/t?a[x]=1&b=1&b=2')).toBe('/t?a%5Bx%5D=1&b%5B0%5D=1&b%5B1%5D=2')
  })
})
