/** Pixels of a folded node on the canvas. */
export const nodeWidth = 232
export const nodeHeight = 92
