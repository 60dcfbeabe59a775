import { expect, test } from 'vitest'
import {
  announcementActions,
  attachmentAccessActions,
  attachmentStandings,
  channelActions,
  decideAnnouncement,
  decideAttachment,
  decideChannel,
  decideMessage,
  decideSection,
  messageActions,
  relations,
  sectionActions,
  type Decision,
} from './access.ts'
import { channelStandings } from './channelStanding.ts'
import { messageStates } from './shownMessage.ts'

type Rule = { action: string; relation: string; who: string; decision: Decision }

const channelRules = (): Rule[] =>
  channelActions.flatMap((action) =>
    relations.flatMap((relation) =>
      channelStandings.map((standing) => ({ action, relation, who: standing, decision: decideChannel({ standing, relation }, action) })),
    ),
  )

const attachmentRules = (): Rule[] =>
  attachmentAccessActions.flatMap((action) =>
    relations.flatMap((relation) =>
      attachmentStandings.map((who) => ({ action, relation, who, decision: decideAttachment({ relation, standing: who }, action) })),
    ),
  )

const messageRules = (): Rule[] =>
  messageActions.flatMap((action) =>
    relations.flatMap((relation) =>
      channelStandings.flatMap((standing) =>
        messageStates.flatMap((state) =>
          [true, false].map((isAuthor) => ({
            action,
            relation,
            who: `${standing}${isAuthor ? ', author' : ''}, ${state}`,
            decision: decideMessage({ standing, relation, isAuthor, state }, action),
          })),
        ),
      ),
    ),
  )

const sectionRules = (): Rule[] =>
  sectionActions.flatMap((action) =>
    channelStandings.map((standing) => ({ action, relation: 'rostered', who: standing, decision: decideSection({ standing }, action) })),
  )

const announcementRules = (): Rule[] =>
  announcementActions.flatMap((action) =>
    channelStandings.flatMap((standing) =>
      messageStates.flatMap((state) =>
        [true, false].map((isAuthor) => ({
          action,
          relation: 'rostered',
          who: `${standing}${isAuthor ? ', author' : ''}, ${state}`,
          decision: decideAnnouncement({ standing, isAuthor, state }, action),
        })),
      ),
    ),
  )

const rules = (): Rule[] => [...channelRules(), ...messageRules(), ...attachmentRules(), ...sectionRules(), ...announcementRules()]

const toLine = ({ action, relation, who, decision }: Rule): string =>
  `${action.padEnd(21)} ${relation.padEnd(9)} ${who.padEnd(27)} ${decision}`

test('who may do what is the committed table: a change of a rule is a change that a reviewer reads', async () => {
  const table = [
    '# Generated from domain/access.ts. If a rule was meant to change: npx vitest run --project unit domain/access -u',
    '# action              relation  who                         decision',
    ...rules().map(toLine),
    '',
  ].join('\n')
  await expect(table).toMatchFileSnapshot('../test/access/rules.txt')
})

const isNobody = ({ who }: Rule) => who.startsWith('none')
const decisionsWhere = (condition: (rule: Rule) => boolean): Decision[] => [
  ...new Set(
    rules()
      .filter(condition)
      .map(({ decision }) => decision),
  ),
]

test('without a live relation there is nothing but hide, whoever asks for whatever', () => {
  expect(decisionsWhere(({ relation }) => relation !== 'rostered')).toEqual(['hide'])
})

test('somebody who is no party of a channel, and nobody to an attachment, is told of neither', () => {
  expect(decisionsWhere(isNobody)).toEqual(['hide'])
})
