import type { ReactNode } from 'react'

interface PlainTableProps {
  readonly label: string
  readonly heads: readonly string[]
  /** Heads of columns of numbers. */
  readonly numbers?: readonly string[]
  readonly className?: string
  /** Its rows. */
  readonly children: ReactNode
}

/** A table that is read: a few rows, which nobody sorts or selects (components/list is for those). */
export const PlainTable = ({ label, heads, numbers = [], className = '', children }: PlainTableProps) => (
  <table className={`plain-table ${className}`.trimEnd()} aria-label={label}>
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col" {...(numbers.includes(head) ? { className: 'num' } : {})}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)
