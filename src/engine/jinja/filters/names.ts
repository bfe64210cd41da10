// The names of the built-in filters, apart from the filters so that tests can ask for them without a ring of imports.
export const filterNames: ReadonlySet<string> = new Set(
  `abs attr batch capitalize center count d default dictsort e escape filesizeformat first float forceescape format
  groupby indent int items join last length list lower map max min pprint random reject rejectattr replace reverse
  round safe select selectattr slice sort string striptags sum title tojson trim truncate unique upper urlencode
  urlize wordcount wordwrap xmlattr`.split(/\s+/)
)
