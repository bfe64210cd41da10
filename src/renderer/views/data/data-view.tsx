import { useStore } from 'zustand'
import { router } from '../../stores/router.ts'
import { DataEdit } from './data-edit.tsx'
import { DataList } from './data-list.tsx'
import { DataPage } from './data-page.tsx'
import { HashView } from './hash-view.tsx'
import './data.css'

/** `#/data`, `#/data/ID`, `#/data/ID/edit`, `#/data/ID/hash`. */
export default function DataView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <DataList />
  if (parts[2] === 'hash')
    return <HashView key={`${id}/${query.get('path') ?? ''}/${query.get('mode') ?? ''}`} dataId={id} query={query} />
  if (parts[2] === 'edit') return <DataEdit key={id} dataId={id} query={query} />
  return <DataPage key={id} dataId={id} query={query} />
}
