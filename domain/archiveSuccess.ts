/** The name under which it is remembered when the archive of histories last had everything. */
export const archiveSuccess = 'archive-histories'
