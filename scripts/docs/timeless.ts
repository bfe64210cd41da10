/** Times differ from run to run. */
export const timeless = (text: string): string =>
  text.replace(/ +\d[\d.,]* m?s$/gm, '').replace(/ in \d[\d.,]* m?s$/gm, '')
