import { expect, test } from 'vitest'
import { matching } from '../../../../src/renderer/components/shell/palette-match.ts'
import type { Choice } from '../../../../src/renderer/components/shell/palette-match.ts'

const choice = (group: string, title: string, words = ''): Choice => ({
  ...{ id: `${group}.${title}`, group, title, words, run: () => undefined }
})
const commands = [choice('Go', 'Go to Data'), choice('Runs', 'Follow new runs, or pause'), choice('Filters', 'blocked')]
const things = [
  choice('Workflows', 'Publish guard', 'demo event-publish'),
  ...Array.from({ length: 30 }, (_, i) => choice('Modules', `IF :: Module ${i}`, `if-${i}`)),
  choice('Settings', 'Plugin.Workflow_enable', 'Workflows are enabled')
]
const runs = [choice('Runs', 'event-publish · Paper Lantern', 'found by the host')]
const titles = (query: string, given = { commands, things, runs }) => matching(query, given).map(({ title }) => title)

test('without a word there are the commands only', () => {
  expect(titles('')).toEqual(['Follow new runs, or pause', 'blocked', 'Go to Data'])
})

test('things are found by name, id and word, a few of each kind', () => {
  expect(titles('publish g')).toContain('Publish guard')
  expect(titles('if-7')).toContain('IF :: Module 7')
  expect(titles('workflow enabled')).toContain('Plugin.Workflow_enable')
  expect(titles('IF ::').filter((title) => title.startsWith('IF'))).toHaveLength(8)
})

test('what the host found is there though the page cannot see why, behind what matches by name', () => {
  expect(titles('blocked')).toEqual(['blocked', 'event-publish · Paper Lantern'])
})

test('each group stands together, the one with the best match first', () => {
  const groups = matching('publish', { commands, things, runs }).map(({ group }) => group)
  expect(groups).toEqual([...new Set(groups)].flatMap((group) => groups.filter((one) => one === group)))
  expect(groups[0]).toBe('Workflows')
})

test('letters in order find commands, and nothing else', () => {
  expect(titles('gtd', { commands, things, runs: [] })).toEqual(['Go to Data'])
})
