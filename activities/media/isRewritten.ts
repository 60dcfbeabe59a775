import { findFileType } from '../../domain/fileTypes.ts'

/** Whether a file of this type is released only after `rewriteMedia`: pictures and recordings, which carry places and names. */
export const isRewritten = (contentType: string): boolean => ['image', 'audio', 'video'].includes(findFileType(contentType)?.family ?? '')
