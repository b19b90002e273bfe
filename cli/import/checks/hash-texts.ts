/** What is wrong with the text of a hash that says by itself how it was made. In words, without it. */

/** https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
const argon2 =
  /^\$argon2(?:id|i|d)(?:\$v=\d{1,3})?\$m=\d{1,10},t=\d{1,10},p=\d{1,3}(?:,keyid=[^$,]*)?(?:,data=[^$,]*)?\$[A-Za-z0-9+/]{8,}\$[A-Za-z0-9+/]{8,}$/

export function faultOfArgon2(text: string): string | null {
  return argon2.test(text)
    ? null
    : 'has to have a hash.value in PHC format, with its salt: $argon2id$v=19$m=…,t=…,p=…$salt$hash'
}

export function faultOfBcrypt(text: string): string | null {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text)?.[1])
  return cost >= 4 && cost <= 31 ? null : 'has to have a hash.value of bcrypt: $2a$, $2b$ or $2y$'
}

/** https://www.rfc-editor.org/rfc/rfc2307#section-5.3 */
export function faultOfLdap(text: string): string | null {
  return /^\{s?(?:md5|sha(?:1|224|256|384|512)?)\}[A-Za-z0-9+/]+={0,2}$/i.test(text)
    ? null
    : 'has to have a hash.value of {MD5}, {SMD5}, {SHA…} or {SSHA…} and base64; {CRYPT} is not taken'
}

const pbkdf2Digests = [
  ...['RSA-MD4', 'RSA-MD5', 'RSA-MDC2', 'RSA-RIPEMD160', 'RSA-SHA1', 'RSA-SHA1-2', 'RSA-SHA224'],
  ...['RSA-SHA256', 'RSA-SHA384', 'RSA-SHA512', 'md4', 'md4WithRSAEncryption', 'md5'],
  ...['md5WithRSAEncryption', 'mdc2', 'mdc2WithRSA', 'ripemd', 'ripemd160', 'ripemd160WithRSA'],
  ...['rmd160', 'sha1', 'sha1WithRSAEncryption', 'sha224', 'sha224WithRSAEncryption', 'sha256'],
  ...['sha256WithRSAEncryption', 'sha384', 'sha384WithRSAEncryption', 'sha512'],
  ...['sha512WithRSAEncryption', 'ssl3-md5', 'ssl3-sha1', 'whirlpool'],
]

export function faultOfPbkdf2(text: string): string | null {
  const parts =
    /^\$pbkdf2-([A-Za-z0-9-]+)(?:\$(?:i=\d{1,10}|l=\d{1,5})(?:,(?:i=\d{1,10}|l=\d{1,5}))?)?\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.exec(
      text,
    )
  const known = parts?.[1] !== undefined && pbkdf2Digests.includes(parts[1])
  return known
    ? null
    : 'has to have a hash.value in PHC format without padding: $pbkdf2-sha512$i=…,l=…$salt$hash'
}
