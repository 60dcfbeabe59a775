import type { RefusalReason } from '../../domain/attachment.ts'
import { decodeReferences } from './decodeReferences.ts'

/** Programs and scripts that a double click would start. */
const runnable = /\.(exe|dll|com|scr|bat|cmd|js|jse|vbs|vbe|ps1|wsf|hta|lnk|jar|msi|reg|html?|mht|sh|app|dmg)$/i
/** VBA, Excel 4 macro sheets (OOXML); Basic, scripts and their dialogs (ODF). */
const macroPart = /(^|\/)(vbaProject[^/]*\.bin|vbaData\.xml|macrosheets\/[^/]+|intlmacrosheets\/[^/]+)$|^(Basic|Scripts|Dialogs)\//i
const activePart = /(^|\/)(activeX\/[^/]+|oleObject[^/]*\.bin)$/i

/** Why a part may not be there, by its name alone. */
export const findPartReason = (name: string): RefusalReason | null => {
  if (macroPart.test(name)) return 'macros'
  return activePart.test(name) || runnable.test(name) ? 'active-content' : null
}

/** Relationships whose target a program fetches and runs or lays out by itself when it is not inside the package. */
const fetchedTypes = /\/(attachedTemplate|oleObject|frame|subDocument|aFChunk|control|package|mailMergeSource)$/i
/** Fetched too, and harmless from the web; from a file server it hands over the reader's password hash. */
const shownTypes = /\/(image|audio|video|media)$/i

/** Over this a part of XML is not searched, and so not passed: text and patterns take many times its size in memory. */
export const xmlBytesMax = 16 * 1024 * 1024

/** Why a part of XML may not be there, by what is in it. */
export const findXmlReason = (name: string, bytes: Buffer): RefusalReason | null => {
  // Office writes UTF-8. Another encoding would read differently there than here.
  if (bytes.includes(0) || (bytes[0] ?? 0) >= 0xfe) return 'document-unreadable'
  if (bytes.length > xmlBytesMax) return 'engine-limits'
  if (/<!(DOCTYPE|ENTITY)/i.test(bytes.toString('latin1'))) return 'active-content'
  const xml = decodeReferences(bytes).toString('utf8')
  if (name === '[Content_Types].xml' && /macroEnabled|vbaProject/i.test(xml)) return 'macros'
  if (/\.rels$/i.test(name)) return hasFetchedTarget(xml) ? 'active-content' : null
  // A click that turns the page of a presentation is an event listener too.
  if (/<(?!presentation:)(?:[\w-]+:)?event-listener\b/.test(xml)) return 'macros'
  if (/\baction\s*=\s*["'](?:macro|execute|verb|ppaction:\/\/(?:macro|program|ole))/i.test(xml)) return 'active-content'
  if (/<(?:[\w-]+:)?encryption-data\b/.test(xml)) return 'encrypted'
  if (/<(?:[\w-]+:)?(ddeLink|dde-source|dde-connection-decl)\b/.test(xml)) return 'active-content'
  return hasDdeField(xml) ? 'active-content' : null
}

/** A tag with the words up to the next: well-formed values hold no bracket that opens, and a pattern for them would need a stack. */
const relationshipTags = /<(?:[\w-]+:)?Relationship\b([^<]*)/g
/** One after another, so that what looks like an attribute inside the value of another is none. */
const attributes = /(?<![^\s"'])([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

const hasFetchedTarget = (rels: string): boolean => {
  for (const [, tag = ''] of rels.matchAll(relationshipTags)) {
    const values = new Map<string, string>()
    for (const [, name = '', double, single] of tag.matchAll(attributes)) values.set(name, double ?? single ?? '')
    if (values.get('TargetMode')?.toLowerCase() !== 'external') continue
    const [type, target] = [values.get('Type') ?? '', values.get('Target') ?? '']
    if ((fetchedTypes.test(type) && !isLocalTemplate(target)) || (shownTypes.test(type) && isFileServer(target))) return true
  }
  return false
}

/** Word notes the author's own template by its path on that machine; it is not found elsewhere and does no harm. */
const isLocalTemplate = (target: string): boolean => /^file:\/\/\/[a-z]:/i.test(target) || /^[\w .()-]+$/.test(target)

/** `\\server\share`, `file://server/share` and their like; not `file:///C:/…`. */
const isFileServer = (target: string): boolean => /^(?:file:)?[\\/]{2,}(?![\\/]?[a-z]:)/i.test(target)

/** Word's field codes, which may be cut into many pieces: `DDEAUTO` starts a program. */
const hasDdeField = (xml: string): boolean => {
  if (!/instr/.test(xml)) return false
  const codes: string[] = []
  for (const [, text] of xml.matchAll(/<(?:[\w-]+:)?instrText\b[^<>]*>([^<]*)/g)) codes.push(text ?? '')
  for (const [, text] of xml.matchAll(/\binstr\s*=\s*["']([^"']*)/g)) codes.push(' ', text ?? '')
  return /(^|[\s"])DDE(AUTO)?(?=\s)/i.test(codes.join(''))
}
