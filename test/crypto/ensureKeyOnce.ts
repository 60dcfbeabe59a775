/** Started several times at once by localKeyFile.test.ts: makes the key and a data key under it, and prints both halves. */
import { openLocalKeyService } from '../../clients/localKeyFile.ts'

const [folder, keyName] = process.argv.slice(2) as [string, string]
const keys = await openLocalKeyService(folder)
await keys.ensureKey(keyName, 'encrypt')
const { plaintext, wrapped } = await keys.generateDataKey(keyName, { from: 'child' })
process.stdout.write(JSON.stringify({ plaintext: plaintext.toString('hex'), wrapped: wrapped.toString('hex') }))
