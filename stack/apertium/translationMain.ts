/** The process behind the stack's translations: `node translationMain.ts <port> <root> [library folder]...`. Loopback only. */
import { serve } from '@hono/node-server'
import { createApertium } from './createApertium.ts'
import { createTranslateApp } from './createTranslateApp.ts'

const [port = '0', root = '', ...libraryFolders] = process.argv.slice(2)
const apertium = createApertium({ root, libraryFolders })
const server = serve({ fetch: createTranslateApp(apertium).fetch, port: Number(port), hostname: '127.0.0.1' })

const end = (): void => {
  apertium.close()
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
