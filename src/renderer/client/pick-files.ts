/** Held while the person looks for a file: a field that nothing else knows may be gone before it can tell which file it is. */
let picking: HTMLInputElement | null = null

/** Opens the browser's own dialog. */
export function openPicker(input: HTMLInputElement): void {
  picking = input
  picking.click()
}

/** Files that a person picks, or all of a folder; none when the person thinks better of it. */
export const pickFiles = (from: 'folder' | 'files' | 'file'): Promise<readonly File[]> =>
  new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = from !== 'file'
    if (from === 'folder') input.webkitdirectory = true
    else input.accept = '.json,application/json'
    input.onchange = () => resolve([...(input.files ?? [])])
    input.oncancel = () => resolve([])
    openPicker(input)
  })
