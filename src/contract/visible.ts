// Characters that are not seen, but change how the rest is read: control characters, and those that turn the direction of writing. Data is full
// of other people's text; what is shown of it must not steer a terminal or a reader's eye.

/** Not the joiners, without which emoji and some scripts fall apart, and not the half of a line break. */
const unseen =
  /(?!\r\n)[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g
const any =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\udb40]/

const named = (sign: string): string => `‹U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`

/** Line breaks and tabs stay; of everything else that is not seen, its name. */
export const visible = (text: string): string => (any.test(text) ? text.replace(unseen, named) : text)

/** For one line: line breaks and tabs are seen, too. */
export const visibleLine = (text: string): string =>
  visible(text.replace(/\r\n|[\n\r\t]/g, (sign) => (sign === '\t' ? ' ' : '⏎')))
