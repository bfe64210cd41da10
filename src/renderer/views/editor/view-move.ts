/** Milliseconds in which the canvas moves to what is to be seen; at once for who wants no motion. The library's moves are no transitions of CSS. */
export const viewMove = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200)
