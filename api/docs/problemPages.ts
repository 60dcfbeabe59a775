import { Hono } from 'hono'
import { html } from 'hono/html'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { problemTitles, type ProblemCode } from '../problemTitles.ts'

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemTitles, code)

/** One page per problem code: what the `type` of a problem document points at. */
export const createProblemPages = () =>
  new Hono<ApiEnv>().get('/problems/:code', (c) => {
    const code = c.req.param('code')
    if (!isProblemCode(code)) throw new Refusal('not-found', 'No such problem.')
    const { title, meaning } = problemTitles[code]
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <title>${title}</title>
          </head>
          <body>
            <h1>${title}</h1>
            <p><code>${code}</code></p>
            <p>${meaning}</p>
          </body>
        </html>`,
    )
  })
