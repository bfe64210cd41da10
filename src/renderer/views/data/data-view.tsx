import { Suspense } from 'react'
import { useStore } from 'zustand'
import { lazyView } from '../../components/lazy-view.ts'
import { Loading } from '../../components/empty-state.tsx'
import { router } from '../../stores/router.ts'
import { DataList } from './data-list.tsx'
import './data.css'

const DataPage = lazyView(() => import('./data-page.tsx'))
const DataEdit = lazyView(() => import('./data-edit.tsx'))
const HashView = lazyView(() => import('./hash-view.tsx'))

/** `#/data`, `#/data/ID`, `#/data/ID/edit`, `#/data/ID/hash`. */
export default function DataView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <DataList />
  return (
    <Suspense fallback={<Loading label="Opening data" />}>
      {parts[2] === 'hash' ? (
        <HashView key={`${id}/${query.get('path') ?? ''}/${query.get('mode') ?? ''}`} dataId={id} query={query} />
      ) : parts[2] === 'edit' ? (
        <DataEdit key={id} dataId={id} query={query} />
      ) : (
        <DataPage key={id} dataId={id} query={query} />
      )}
    </Suspense>
  )
}
