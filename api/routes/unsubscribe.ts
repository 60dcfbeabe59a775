import { Hono } from 'hono'
import { html } from 'hono/html'
import { isUnsubscribeToken, readUnsubscribeToken, type Subscriber } from '../../crypto/unsubscribeToken.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { findNotifications, setMailOff } from '../../db/queries/setNotifications.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { hidden } from '../requireAllowed.ts'

/** The page has a form that goes to itself, and nothing else. */
const pagePolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

const page = (words: ReturnType<typeof html>) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Hallpass</title>
      </head>
      <body>
        ${words}
      </body>
    </html>`

/**
 * Ends notifications by mail for whoever has a mail of ours, without signing in: one POST, as mail programs send it (RFC 8058), or the button of the page. Looking at the page
 * changes nothing, since programs that check links do. Nothing of the person is shown, and a token that is not ours names nothing.
 */
export const unsubscribeRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) => {
  /** @throws {Refusal} `not-found` for anything but a token of ours of a person who is there. */
  const requireSubscriber = async (token: string): Promise<Subscriber> => {
    const subscriber = readUnsubscribeToken(token)
    if (subscriber === null) throw hidden()
    const { districtId, userId } = subscriber
    // Before any key is asked for: of a district that is not there none may be made.
    if ((await withDistrict(deps.app, districtId, (tx) => findNotifications(tx, userId))) === null) throw hidden()
    const cipher = await deps.districtKeys.forDistrict(districtId)
    if (!isUnsubscribeToken((text) => cipher.hashForLookup(text), token)) throw hidden()
    return subscriber
  }
  return new Hono<ApiEnv>()
    .get('/unsubscribe/:token', async (c) => {
      await requireSubscriber(c.req.param('token'))
      c.header('Content-Security-Policy', pagePolicy)
      c.header('Cache-Control', 'no-store')
      c.header('Referrer-Policy', 'no-referrer')
      return c.html(page(html`<form method="post"><button>No more mail from Hallpass · No más correos de Hallpass</button></form>`))
    })
    .post('/unsubscribe/:token', async (c) => {
      const { districtId, userId } = await requireSubscriber(c.req.param('token'))
      await withDistrict(deps.app, districtId, (tx) => setMailOff(tx, { userId, isOff: true }))
      c.header('Cache-Control', 'no-store')
      return c.html(page(html`<p>You get no more mail. · No recibirá más correos.</p>`))
    })
}
