import { describe, expect, it } from 'vitest'
import { parseBytes } from '../../../../src/host/worker/runs/input.ts'

describe('a text that is no JSON', () => {
  it.each([
    ['<?xml version="1.0"?>\n<response/>', 'XML'],
    ['  <stix:STIX_Package/>', 'XML'],
    ['uuid,event_id,category,type,value\n"5a",1,"x","y","z"\n', 'CSV'],
    ['uuid;event_id;category;type\n', 'CSV']
  ])('says what it looks like: %j', (text, form) => {
    expect(() => parseBytes(Buffer.from(text), 'event.csv')).toThrow(
      expect.objectContaining({
        code: 'INPUT_NOT_JSON',
        message: expect.stringMatching(new RegExp(`^event.csv is not valid JSON.*${form}.*MISP JSON`)) as string
      })
    )
  })
  it.each(['hello', '{"a": 1, "b": 2, "c": 3,', '[1,2,3,4', ''])('or nothing more: %j', (text) => {
    expect(() => parseBytes(Buffer.from(text), 'x.json')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('MISP JSON') as string })
    )
  })
})
