/** Names of files of ours stand between single quotes in a mode. */
const quoted = (path: string): string => path.replaceAll("'", `'\\''`)

/**
 * The command line of a mode, as it lies in `modes/*.mode`, for a pipeline that is held open: every program answers a text when it has read the zero byte behind it (`-z`), words that
 * are not known stay as they are (`-n`), and files lie below `root`.
 */
export const toPipeline = (mode: string, root: string): string =>
  mode
    .trim()
    .replaceAll("'/usr/", () => `'${quoted(root)}/usr/`)
    .replaceAll('$1', '-n')
    .replaceAll('$2', '')
    .split(' | ')
    .map((program) => program.replace(/^\S+/, (name) => `${name} -z`))
    .join(' | ')
