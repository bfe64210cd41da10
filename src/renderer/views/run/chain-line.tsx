import type { Chain } from '../../../contract/chain.ts'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { jumpTo, placeHash } from './jump.ts'

/** Why it came so, as one sentence; its parts lead to the nodes and values that they name. */
export function ChainLine({ runId, chain, label }: { runId: string; chain: Chain; label: string }) {
  return (
    <p className="chain" aria-label={label}>
      {chain.links.map(({ lead, text, at }, i) => (
        <span key={i}>
          <Sentence text={lead} />
          {at && text !== '' ? (
            <a
              className="chain-link"
              href={placeHash(runId, at)}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return
                event.preventDefault()
                jumpTo(runId, at)
              }}
            >
              <Sentence text={text} />
            </a>
          ) : (
            <Sentence text={text} />
          )}
        </span>
      ))}
      <Sentence text={chain.tail} />
    </p>
  )
}
