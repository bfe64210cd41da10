// The parts of CakePHP's Inflector that decide ids and labels of service modules and of filter labels.

const transliteration: readonly (readonly [from: string, to: string])[] = [
  ['ÀÁÂÃÅǺĀĂĄǍ', 'A'],
  ['ÆǼ', 'AE'],
  ['Ä', 'Ae'],
  ['ÇĆĈĊČ', 'C'],
  ['ÐĎĐ', 'D'],
  ['ÈÉÊËĒĔĖĘĚ', 'E'],
  ['ĜĞĠĢҐ', 'G'],
  ['ĤĦ', 'H'],
  ['ÌÍÎÏĨĪĬǏĮİІ', 'I'],
  ['Ĳ', 'IJ'],
  ['Ĵ', 'J'],
  ['Ķ', 'K'],
  ['ĹĻĽĿŁ', 'L'],
  ['ÑŃŅŇ', 'N'],
  ['ÒÓÔÕŌŎǑŐƠØǾ', 'O'],
  ['Œ', 'OE'],
  ['Ö', 'Oe'],
  ['ŔŖŘ', 'R'],
  ['ŚŜŞȘŠ', 'S'],
  ['ẞ', 'SS'],
  ['ŢȚŤŦ', 'T'],
  ['Þ', 'TH'],
  ['ÙÚÛŨŪŬŮŰŲƯǓǕǗǙǛ', 'U'],
  ['Ü', 'Ue'],
  ['Ŵ', 'W'],
  ['ÝŸŶ', 'Y'],
  ['Є', 'Ye'],
  ['Ї', 'Yi'],
  ['ŹŻŽ', 'Z'],
  ['àáâãåǻāăąǎª', 'a'],
  ['äæǽ', 'ae'],
  ['çćĉċč', 'c'],
  ['ðďđ', 'd'],
  ['èéêëēĕėęě', 'e'],
  ['ƒ', 'f'],
  ['ĝğġģґ', 'g'],
  ['ĥħ', 'h'],
  ['ìíîïĩīĭǐįıі', 'i'],
  ['ĳ', 'ij'],
  ['ĵ', 'j'],
  ['ķ', 'k'],
  ['ĺļľŀł', 'l'],
  ['ñńņňŉ', 'n'],
  ['òóôõōŏǒőơøǿº', 'o'],
  ['öœ', 'oe'],
  ['ŕŗř', 'r'],
  ['śŝşșšſ', 's'],
  ['ß', 'ss'],
  ['ţțťŧ', 't'],
  ['þ', 'th'],
  ['ùúûũūŭůűųưǔǖǘǚǜ', 'u'],
  ['ü', 'ue'],
  ['ŵ', 'w'],
  ['ýÿŷ', 'y'],
  ['є', 'ye'],
  ['ї', 'yi'],
  ['źżž', 'z']
]
const letters = new Map(transliteration.flatMap(([from, to]) => [...from].map((letter) => [letter, to] as const)))

/** Inflector::underscore: an underscore before each capital that follows a word character. */
export const underscore = (word: string): string => word.replace(/(?<=\w)([A-Z])/g, '_$1').toLowerCase()

/** Inflector::humanize: underscores to spaces, each word capitalised. */
export const humanize = (word: string): string =>
  word
    .replaceAll('_', ' ')
    .split(' ')
    .map((part) => {
      const [first = '', ...rest] = [...part]
      return first.toUpperCase() + rest.join('')
    })
    .join(' ')

/** Inflector::slug with its default replacement. */
export const slug = (text: string): string =>
  [...text]
    .map((letter) => letters.get(letter) ?? letter)
    .join('')
    .replace(/[^\s\p{Zs}\p{Ll}\p{Lm}\p{Lo}\p{Lt}\p{Lu}\p{Nd}]/gmu, ' ')
    .replace(/[\s\p{Zs}]+/gmu, '_')
    .replace(/^_+|_+$/g, '')

/**
 * Inflector::variable. PHP replaces the first word character by the lower case of the first byte, so a text that starts with
 * something else gets that instead (`-a` becomes `--`).
 */
export const variable = (text: string): string => {
  const camelized = humanize(underscore(text)).replaceAll(' ', '')
  const first = camelized.slice(0, 1).toLowerCase()
  return camelized.replace(/\w/, () => first)
}
