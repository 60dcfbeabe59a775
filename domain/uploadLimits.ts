/** Limits of an upload. Bytes are counted as stored, before encryption. */
export const uploadLimits = {
  /** Default of a district; it may be set lower, or higher up to `bytesCeiling`. */
  bytesDefault: 50 * 1024 * 1024,
  /** Below clamd's 100 MiB file limit, so that the engine always sees the whole file. */
  bytesCeiling: 95 * 1024 * 1024,
  fileNameCharactersMax: 255,
  attachmentsPerMessageMax: 10,
  /** Width × height; a decoded RGBA image of this size is 160 MB. */
  imagePixelsMax: 40_000_000,
} as const

/** How long a pre-signed POST may be used, and how long an upload that began within it may last. */
export const uploadWindow = { ticketSeconds: 600, longestUploadSeconds: 1_800 } as const

export const messageLimits = {
  charactersMax: 10_000,
  /** Unread messages are counted so far: one more than is shown as a number. */
  unreadCountedMax: 100,
  /** Of the last message, a list of conversations shows so much. */
  previewCharactersMax: 200,
} as const
