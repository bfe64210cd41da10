// What an editor shows for each name of the template language. Held equal to the tables of the engine by a test.

export interface NameDoc {
  readonly name: string
  /** One line in our own words. */
  readonly doc: string
}

const FILTERS: Readonly<Record<string, string>> = {
  abs: 'The number without its sign.',
  attr: 'An attribute by name; unlike a dot it never looks at keys.',
  batch: 'Lists of so many items each: batch(3). A second argument fills the last one.',
  capitalize: 'First letter upper case, the rest lower case.',
  center: 'Centred in so many columns, 80 by default.',
  count: 'How many items or characters; the same as length.',
  d: 'Short for default.',
  default: 'Another value where this one is undefined; default(x, true) also where it is empty.',
  dictsort: 'Pairs of a dict, ordered by key; by="value" orders by value.',
  e: 'Short for escape.',
  escape: 'Text made safe for HTML.',
  filesizeformat: 'A number of bytes as kB, MB, …; with true as KiB, MiB, ….',
  first: 'The first item.',
  float: 'As a decimal number, or 0.0 (or the argument) where it is none.',
  forceescape: 'Escapes for HTML even what was marked safe.',
  format: "The text's % placeholders filled with the arguments.",
  groupby: 'Items grouped by an attribute: pairs of grouper and list.',
  indent: 'Lines after the first indented by 4 or so many spaces.',
  int: 'As a whole number, or 0 (or the argument) where it is none.',
  items: 'Pairs of key and value of a dict; nothing for an undefined value.',
  join: 'Items put together as text with a separator; attribute= takes one field of each.',
  last: 'The last item.',
  length: 'How many items or characters.',
  list: 'As a list; needed to count or print what map and select give.',
  lower: 'Lower case.',
  map: "One field of each item (attribute='value') or a filter applied to each ('upper').",
  max: 'The largest item; attribute= compares one field.',
  min: 'The smallest item; attribute= compares one field.',
  pprint: 'Printed over several lines for reading.',
  random: 'One item by chance; here always the first.',
  reject: 'Items for which a test fails.',
  rejectattr: 'Items for whose attribute a test fails.',
  replace: 'Every occurrence of one text replaced by another.',
  reverse: 'From the last to the first.',
  round: "To so many digits; 'ceil' and 'floor' choose the direction.",
  safe: 'Marked as safe for HTML.',
  select: 'Items for which a test holds.',
  selectattr: "Items for whose attribute a test holds: selectattr('type', 'equalto', 'domain').",
  slice: 'Split into so many lists.',
  sort: 'In order; attribute= orders by one field, several separated by commas.',
  string: 'As text.',
  striptags: 'Without HTML tags, spaces made single.',
  sum: 'The sum; attribute= adds one field, start= is where it begins.',
  title: 'Each word with an upper-case letter first.',
  tojson: 'As JSON with keys in order, safe inside HTML.',
  trim: 'Without spaces (or the given characters) at both ends.',
  truncate: 'Cut to so many characters, 255 by default, with … as three dots.',
  unique: 'Each value once.',
  upper: 'Upper case.',
  urlencode: 'Made safe for a URL; a dict becomes a query.',
  urlize: 'Addresses in the text become links.',
  wordcount: 'How many words.',
  wordwrap: 'Broken into lines of so many columns, 79 by default.',
  xmlattr: 'A dict as attributes of an HTML tag.'
}

const TESTS: Readonly<Record<string, string>> = {
  boolean: 'True or False.',
  callable: 'Something that can be called.',
  defined: 'Present, even if None or empty.',
  divisibleby: 'Divisible by the number.',
  escaped: 'Marked as safe for HTML.',
  even: 'An even number.',
  false: 'False itself.',
  filter: 'The name of a filter.',
  float: 'A decimal number.',
  in: 'Contained in the list or text.',
  integer: 'A whole number.',
  iterable: 'Something that can be looped over; texts too.',
  lower: 'Text in lower case.',
  mapping: 'A dict.',
  none: 'None.',
  number: 'A number of any kind.',
  odd: 'An odd number.',
  sameas: 'The very same object.',
  sequence: 'A list, text or dict.',
  string: 'Text.',
  test: 'The name of a test.',
  true: 'True itself.',
  undefined: 'Not present.',
  upper: 'Text in upper case.'
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '==': 'Equal.',
  eq: 'Equal.',
  equalto: 'Equal.',
  '!=': 'Not equal.',
  ne: 'Not equal.',
  '>': 'Greater.',
  gt: 'Greater.',
  greaterthan: 'Greater.',
  '>=': 'Greater or equal.',
  ge: 'Greater or equal.',
  '<': 'Less.',
  lt: 'Less.',
  lessthan: 'Less.',
  '<=': 'Less or equal.',
  le: 'Less or equal.'
}

const GLOBALS: Readonly<Record<string, string>> = {
  cycler: 'An object whose next() gives the arguments in turn.',
  dict: 'Makes a dict of keywords: dict(a=1).',
  joiner: 'Gives nothing at the first call, then the separator.',
  lipsum: 'Filler text.',
  namespace: 'An object whose attributes can be set from inside loops.',
  range: 'Numbers up to a bound, at most 100000 of them.'
}

const TAGS: Readonly<Record<string, string>> = {
  autoescape: 'Turns HTML escaping on or off for a part.',
  block: 'A named part; self.name() prints it again.',
  call: 'Calls a macro with a part of the template as caller().',
  extends: 'Not available: MISP loads no other templates.',
  filter: 'Applies a filter to a part.',
  for: 'Repeats for each item; else runs when there is none.',
  from: 'Not available: MISP loads no other templates.',
  if: 'Only where the condition holds.',
  import: 'Not available: MISP loads no other templates.',
  include: 'Not available: MISP loads no other templates.',
  macro: 'A part with arguments, to be called.',
  print: 'Prints expressions, like two braces.',
  raw: 'A part that is taken as it is.',
  set: 'Gives a name a value; inside a loop only until its end.',
  with: 'Names that hold for a part only.'
}

const list = (table: Readonly<Record<string, string>>): NameDoc[] =>
  Object.entries(table).map(([name, doc]) => ({ name, doc }))

export interface TemplateNames {
  readonly filters: readonly NameDoc[]
  readonly tests: readonly NameDoc[]
  readonly globals: readonly NameDoc[]
  readonly tags: readonly NameDoc[]
}

const names: TemplateNames = {
  filters: list(FILTERS),
  tests: list({ ...TESTS, ...COMPARISONS }),
  globals: list(GLOBALS),
  tags: list(TAGS)
}

/** Every filter, test, global and tag with one line about it. */
export function templateNames(): TemplateNames {
  return names
}
