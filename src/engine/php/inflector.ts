// The parts of CakePHP's Inflector that name the parameters of misp-modules.

/** Inflector::underscore: an underscore before each capital inside of a word, then small letters ("API Key" is "a_p_i key"). */
export const underscore = (text: string): string => text.replace(/(?<=\w)([A-Z])/g, '_$1').toLowerCase()

/** Inflector::humanize: underscores become spaces, each word starts with a capital. */
export const humanize = (text: string): string =>
  text
    .replaceAll('_', ' ')
    .split(' ')
    .map((word) => {
      const first = word === '' ? '' : String.fromCodePoint(word.codePointAt(0) as number)
      return first.toUpperCase() + word.slice(first.length)
    })
    .join(' ')

/** Inflector::camelize. */
const camelize = (text: string): string => humanize(text).replaceAll(' ', '')

/** Inflector::variable: camel case with a small first letter. */
export const variable = (text: string): string => {
  const camelized = camelize(underscore(text))
  const first = camelized.slice(0, 1).replace(/[A-Z]/, (letter) => letter.toLowerCase())
  return camelized.replace(/\w/, () => first)
}

/** Letters whose replacement is not simply the letter without its accent. */
const special: ReadonlyMap<string, string> = new Map(
  'Æ:AE Ǽ:AE Ä:Ae Ð:D Đ:D Ħ:H І:I Ĳ:IJ Ŀ:L Ł:L Ø:O Ǿ:O Œ:OE Ö:Oe ẞ:SS Ŧ:T Þ:TH Ü:Ue Є:Ye Ї:Yi Ґ:G ª:a ä:ae æ:ae ǽ:ae ð:d đ:d ƒ:f ħ:h ı:i і:i ĳ:ij ŀ:l ł:l ŉ:n º:o ø:o ǿ:o ö:oe œ:oe ſ:s ß:ss ŧ:t þ:th ü:ue є:ye ї:yi ґ:g'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string])
)
// Accented letters that Inflector knows: Latin-1, Latin Extended-A and a few more.
const accented = /[\u00c0-\u017fǺǻǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜƠơƯưȘșȚț]/g

/** Inflector::slug: letters without accents, everything else an underscore. */
export const slug = (text: string): string =>
  text
    .replace(/[ÆǼÄÐĐĦІĲĿŁØǾŒÖẞŦÞÜЄЇҐªäæǽðđƒħıіĳŀłŉºøǿöœſßŧþüєїґ]/g, (letter) => special.get(letter) ?? letter)
    .replace(accented, (letter) => letter.normalize('NFD').slice(0, 1))
    .replace(/[^\s\p{Zs}\p{Ll}\p{Lm}\p{Lo}\p{Lt}\p{Lu}\p{Nd}]/gu, ' ')
    .replace(/[\s\p{Zs}]+/gu, '_')
    .replace(/^_|_$/g, '')
