import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { ApiEnv } from '../apiEnv.ts'

/** Everything the page loads comes from this origin; nothing it shows may run, and it may be framed by nobody. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const startScript = `window.onload = () => {
  SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false, tryItOutEnabled: true })
}
`

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Hallpass API</title>
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
      <link rel="icon" href="/docs/favicon-32x32.png" />
    </head>
    <body>
      <div id="docs"></div>
      <noscript>The contract itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
    </body>
  </html>`

const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const

const assetFolder = new URL('.', import.meta.resolve('swagger-ui-dist/package.json'))

/** The readable page of the contract, at /docs. */
export const createDocsPage = () => {
  const app = new Hono<ApiEnv>()
  app.get('/docs', (c) => {
    c.header('Content-Security-Policy', pagePolicy)
    return c.html(page)
  })
  app.get('/docs/start.js', (c) => c.body(startScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
  for (const [name, contentType] of Object.entries(assets)) {
    app.get(`/docs/${name}`, async (c) =>
      c.body(await readFile(new URL(name, assetFolder)), 200, { 'Content-Type': contentType, 'Cache-Control': 'public, max-age=3600' }),
    )
  }
  return app
}
