import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where binaries are kept between clones: `$XDG_CACHE_HOME` or `~/.cache`, then `hallpass`. */
export const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hallpass')

/** Where the cached program of this name and version lies, whether or not it is there yet. */
export const cachedBinary = (name, version) => join(cacheFolder(), `${name}-${version}`, name)
