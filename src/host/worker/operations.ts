// The handlers that live in the worker, typed by the same map as the host's.
import { authoringOperations } from './authoring-operations.ts'
import { eventOperations } from './event-operations.ts'
import { effectOperations } from './effect-operations.ts'
import { moduleOperations } from './module-operations.ts'
import type { WorkerHandlers } from './protocol.ts'
import type { RunBook } from './run-book.ts'
import { runOperations } from './run-operations.ts'
import type { RunTable } from './run-table.ts'
import { valueOperations } from './value-operations.ts'

export interface WorkerServices {
  readonly book: RunBook
  readonly table: RunTable
}

export const buildHandlers = ({ book, table }: WorkerServices): WorkerHandlers => ({
  ...valueOperations(book),
  ...eventOperations(book),
  ...runOperations(book, table),
  ...effectOperations(book),
  ...moduleOperations(book, table),
  ...authoringOperations(book)
})
