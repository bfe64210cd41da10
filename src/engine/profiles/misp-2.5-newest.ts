// The newest MISP that could be read, beside 2.5.19: modules, triggers, and conditions of new modules that could not be read.
import type { ProfileDifferences } from './profile.ts'

export const misp25newest: ProfileDifferences = {
  version: '2.5.24',
  title: '2.5.24 and later',
  unreadOperators: ['greater', 'less', 'greater_equals', 'less_equals']
}
