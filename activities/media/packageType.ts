const ooxmlMain = /ContentType\s*=\s*["']([^"']+)\.main\+xml["']/g

/** Of a `mimetype`. */
export const typeBytesMax = 200

/** Watches the parts of a package go by and tells which type it declares itself to be. */
export const createTypeCheck = () => {
  const declared = new Set<string>()
  return {
    see: (name: string, bytes: Buffer): void => {
      // OOXML names its main part in the list of content types, ODF in a part of its own.
      if (name === '[Content_Types].xml') for (const [, type] of bytes.toString('utf8').matchAll(ooxmlMain)) declared.add(type ?? '')
      else if (name === 'mimetype') declared.add(bytes.subarray(0, typeBytesMax).toString('latin1').trim())
    },
    /** Exactly one declaration, and this one: a package that claims to be two things is read differently by different programs. */
    is: (contentType: string): boolean => declared.size === 1 && declared.has(contentType),
  }
}
