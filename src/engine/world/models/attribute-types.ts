// Attribute types and categories of MISP 2.5.1 (MispAttribute's type and category definitions): which category a type gets
// when none is given, whether it is for detection then, and which types a category takes. Names are kept in texts with one
// name a word (a space in a name is written _).

const names = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('_', ' '))

const defaults: readonly (readonly [category: string, toIds: boolean, types: string])[] = [
  [
    'Payload delivery',
    true,
    `
    md5 sha1 sha256 filename filename|md5 filename|sha1 filename|sha256 email-src email-attachment
    malware-sample authentihash vhash ssdeep imphash telfhash pehash impfuzzy sha224 sha384 sha512 sha512/224
    sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 tlsh cdhash filename|authentihash filename|vhash
    filename|ssdeep filename|imphash filename|impfuzzy filename|pehash filename|sha224 filename|sha384
    filename|sha512 filename|sha512/224 filename|sha512/256 filename|sha3-224 filename|sha3-256
    filename|sha3-384 filename|sha3-512 filename|tlsh mobile-application-id azure-application-id
    chrome-extension-id
    `
  ],
  [
    'Artifacts dropped',
    false,
    `
    pdb gene kusto-query mime-type named_pipe process-state windows-scheduled-task windows-service-name
    windows-service-displayname
    `
  ],
  [
    'Network activity',
    true,
    `
    ip-src ip-dst hostname domain domain|ip eppn email-dst url ja3-fingerprint-md5 jarm-fingerprint
    favicon-mmh3 hassh-md5 hasshserver-md5 snort bro zeek community-id dom-hash pattern-in-traffic uri
    x509-fingerprint-sha1 x509-fingerprint-md5 x509-fingerprint-sha256 ip-dst|port ip-src|port hostname|port
    onion-address
    `
  ],
  [
    'Social network',
    true,
    `
    email
    `
  ],
  [
    'Payload delivery',
    false,
    `
    email-subject email-body malware-type email-dst-display-name email-src-display-name email-header
    email-reply-to email-x-mailer email-mime-boundary email-thread-index email-message-id
    `
  ],
  [
    'Other',
    false,
    `
    float comment text hex other size-in-bytes counter integer datetime boolean anonymised
    `
  ],
  [
    'Internal reference',
    false,
    `
    git-commit-id
    `
  ],
  [
    'Network activity',
    false,
    `
    http-method user-agent AS ssh-fingerprint cookie port mac-address mac-eui-64 dkim dkim-signature
    `
  ],
  [
    'Persistence mechanism',
    true,
    `
    regkey regkey|value
    `
  ],
  [
    'Payload installation',
    true,
    `
    pattern-in-file pattern-in-memory filename-pattern yara stix2-pattern sigma
    `
  ],
  [
    'Person',
    false,
    `
    pgp-public-key pgp-private-key identity-card-number phone-number first-name middle-name last-name full-name
    date-of-birth place-of-birth gender passport-number passport-country passport-expiration redress-number
    nationality visa-number issue-date-of-the-visa primary-residence country-of-residence
    special-service-request frequent-flyer-number travel-details payment-details
    place-port-of-original-embarkation place-port-of-clearance place-port-of-onward-foreign-destination
    passenger-name-record-locator-number
    `
  ],
  [
    'External analysis',
    false,
    `
    vulnerability cpe attachment link cortex weakness
    `
  ],
  [
    'Artifacts dropped',
    true,
    `
    mutex
    `
  ],
  [
    'Targeting data',
    false,
    `
    target-user target-email target-machine target-org target-location target-external
    `
  ],
  [
    'Financial fraud',
    true,
    `
    btc dash xmr iban bic bank-account-nr aba-rtn bin cc-number prtn
    `
  ],
  [
    'Attribution',
    false,
    `
    threat-actor campaign-name campaign-id whois-registrant-email whois-registrant-phone whois-registrant-name
    whois-registrant-org whois-registrar whois-creation-date dns-soa-email
    `
  ],
  [
    'Social network',
    false,
    `
    github-username github-repository github-organisation jabber-id twitter-id
    `
  ]
]

const taken: { readonly [category: string]: string } = {
  'Internal reference': `
    text link comment other hex anonymised git-commit-id
  `,
  'Targeting data': `
    target-user target-email target-machine target-org target-location target-external comment anonymised
  `,
  'Antivirus detection': `
    link comment text hex attachment other anonymised
  `,
  'Payload delivery': `
    md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 ssdeep
    imphash telfhash impfuzzy authentihash vhash pehash tlsh cdhash filename filename|md5 filename|sha1
    filename|sha224 filename|sha256 filename|sha384 filename|sha512 filename|sha512/224 filename|sha512/256
    filename|sha3-224 filename|sha3-256 filename|sha3-384 filename|sha3-512 filename|authentihash
    filename|vhash filename|ssdeep filename|tlsh filename|imphash filename|impfuzzy filename|pehash mac-address
    mac-eui-64 ip-src ip-dst ip-dst|port ip-src|port hostname domain email email-src email-dst email-subject
    email-attachment email-body url user-agent AS pattern-in-file pattern-in-traffic filename-pattern
    stix2-pattern yara sigma mime-type attachment malware-sample link malware-type comment text hex
    vulnerability cpe weakness x509-fingerprint-sha1 x509-fingerprint-md5 x509-fingerprint-sha256
    ja3-fingerprint-md5 jarm-fingerprint hassh-md5 hasshserver-md5 other hostname|port email-dst-display-name
    email-src-display-name email-header email-reply-to email-x-mailer email-mime-boundary email-thread-index
    email-message-id azure-application-id mobile-application-id chrome-extension-id whois-registrant-email
    anonymised onion-address
  `,
  'Artifacts dropped': `
    md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 ssdeep
    imphash telfhash impfuzzy authentihash vhash cdhash filename filename|md5 filename|sha1 filename|sha224
    filename|sha256 filename|sha384 filename|sha512 filename|sha512/224 filename|sha512/256 filename|sha3-224
    filename|sha3-256 filename|sha3-384 filename|sha3-512 filename|authentihash filename|vhash filename|ssdeep
    filename|tlsh filename|imphash filename|impfuzzy filename|pehash regkey regkey|value pattern-in-file
    pattern-in-memory filename-pattern pdb stix2-pattern yara sigma attachment malware-sample named_pipe mutex
    process-state windows-scheduled-task windows-service-name windows-service-displayname comment text hex
    x509-fingerprint-sha1 x509-fingerprint-md5 x509-fingerprint-sha256 other cookie gene kusto-query mime-type
    anonymised pgp-public-key pgp-private-key
  `,
  'Payload installation': `
    md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 ssdeep
    imphash telfhash impfuzzy authentihash vhash pehash tlsh cdhash filename filename|md5 filename|sha1
    filename|sha224 filename|sha256 filename|sha384 filename|sha512 filename|sha512/224 filename|sha512/256
    filename|sha3-224 filename|sha3-256 filename|sha3-384 filename|sha3-512 filename|authentihash
    filename|vhash filename|ssdeep filename|tlsh filename|imphash filename|impfuzzy filename|pehash
    pattern-in-file pattern-in-traffic pattern-in-memory filename-pattern stix2-pattern yara sigma
    vulnerability cpe weakness attachment malware-sample malware-type comment text hex x509-fingerprint-sha1
    x509-fingerprint-md5 x509-fingerprint-sha256 azure-application-id mobile-application-id chrome-extension-id
    other mime-type anonymised
  `,
  'Persistence mechanism': `
    filename regkey regkey|value comment text other hex anonymised
  `,
  'Network activity': `
    ip-src ip-dst ip-dst|port ip-src|port port hostname domain domain|ip mac-address mac-eui-64 email email-dst
    email-src eppn url uri user-agent http-method AS snort pattern-in-file filename-pattern stix2-pattern
    pattern-in-traffic attachment comment text x509-fingerprint-md5 x509-fingerprint-sha1
    x509-fingerprint-sha256 ja3-fingerprint-md5 jarm-fingerprint hassh-md5 hasshserver-md5 other hex cookie
    hostname|port bro zeek anonymised community-id email-subject favicon-mmh3 dkim dkim-signature
    ssh-fingerprint dom-hash onion-address
  `,
  'Payload type': `
    comment text other anonymised
  `,
  Attribution: `
    threat-actor campaign-name campaign-id whois-registrant-phone whois-registrant-email whois-registrant-name
    whois-registrant-org whois-registrar whois-creation-date comment text x509-fingerprint-sha1
    x509-fingerprint-md5 x509-fingerprint-sha256 other dns-soa-email anonymised email
  `,
  'External analysis': `
    md5 sha1 sha256 sha3-224 sha3-256 sha3-384 sha3-512 filename filename|md5 filename|sha1 filename|sha256
    filename|sha3-224 filename|sha3-256 filename|sha3-384 filename|sha3-512 ip-src ip-dst ip-dst|port
    ip-src|port mac-address mac-eui-64 hostname domain domain|ip url user-agent regkey regkey|value AS snort
    bro zeek pattern-in-file pattern-in-traffic pattern-in-memory filename-pattern vulnerability cpe weakness
    attachment malware-sample link comment text x509-fingerprint-sha1 x509-fingerprint-md5
    x509-fingerprint-sha256 ja3-fingerprint-md5 jarm-fingerprint hassh-md5 hasshserver-md5 github-repository
    other cortex anonymised community-id dom-hash onion-address
  `,
  'Financial fraud': `
    btc dash xmr iban bic bank-account-nr aba-rtn bin cc-number prtn phone-number comment text other hex
    anonymised
  `,
  'Support Tool': `
    link text attachment comment other hex anonymised
  `,
  'Social network': `
    github-username github-repository github-organisation jabber-id twitter-id email email-src email-dst eppn
    comment text other whois-registrant-email anonymised pgp-public-key pgp-private-key
  `,
  Person: `
    first-name middle-name last-name full-name date-of-birth place-of-birth gender passport-number
    passport-country passport-expiration redress-number nationality visa-number issue-date-of-the-visa
    primary-residence country-of-residence special-service-request frequent-flyer-number travel-details
    payment-details place-port-of-original-embarkation place-port-of-clearance
    place-port-of-onward-foreign-destination passenger-name-record-locator-number comment text other
    phone-number identity-card-number anonymised email pgp-public-key pgp-private-key
  `,
  Other: `
    comment text other size-in-bytes counter integer datetime cpe port float hex phone-number boolean
    anonymised pgp-public-key pgp-private-key
  `
}

export interface TypeDefaults {
  readonly category: string
  readonly toIds: boolean
}

/** By type. */
export const attributeTypes: ReadonlyMap<string, TypeDefaults> = new Map(
  defaults.flatMap(([category, toIds, types]) => names(types).map((type) => [type, { category, toIds }] as const))
)

/** The types that a category takes, by category. */
export const categoryTypes: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(taken).map(([category, types]) => [category, new Set(names(types))] as const)
)

/** Types whose value is two values with a bar between them. */
export const isComposite = (type: string): boolean => type === 'malware-sample' || type.includes('|')
