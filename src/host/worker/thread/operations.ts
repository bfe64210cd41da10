// The handlers that live in the worker, typed by the same map as the host's.
import { authoringOperations } from '../operations/authoring.ts'
import { compareOperations } from '../operations/compare.ts'
import { eventOperations } from '../operations/event.ts'
import { effectOperations } from '../operations/effect.ts'
import { moduleOperations } from '../operations/module.ts'
import type { WorkerHandlers } from './protocol.ts'
import type { RunBook } from '../runs/run-book.ts'
import { runOperations } from '../operations/run.ts'
import type { RunTable } from '../runs/run-table.ts'
import { triedOperations } from '../operations/tried.ts'
import { valueOperations } from '../operations/value.ts'
import { caseOperations } from '../cases/operations.ts'
import { makeCase } from '../cases/make-case.ts'
import { verifyCaptured } from '../verify/verify-captured.ts'

export interface WorkerServices {
  readonly book: RunBook
  readonly table: RunTable
}

export const buildHandlers = ({ book, table }: WorkerServices): WorkerHandlers => ({
  'run.verify': (params, refs) => verifyCaptured(book, params, refs),
  'cases.make': (params, refs) => makeCase(book, params, refs),
  ...caseOperations(table),
  ...valueOperations(book),
  ...compareOperations(book),
  ...eventOperations(book),
  ...runOperations(book, table),
  ...triedOperations(book),
  ...effectOperations(book),
  ...moduleOperations(book, table),
  ...authoringOperations(book)
})
