import { CheckRow } from '../components/form-row.tsx'

/** Tokens, headers and passwords are dots until this is on. */
export const ShowSecrets = ({ on, change }: { on: boolean; change: (on: boolean) => void }) => (
  <CheckRow style={{ padding: '4px 8px' }} label="Show secrets" checked={on} onChange={change} />
)
