/** What a district's administrators are told of its budget of translations, once a month each: that most of it is used, and that all of it is. */
export const budgetNews = ['nearly-used', 'exhausted'] as const
export type BudgetNews = (typeof budgetNews)[number]

const warnPercent = 80

/** What there is to tell when `used` characters of a month's budget are used, and it fitted; null when nothing, or they were told. */
export const toBudgetNews = ({ used, budget, isWarned }: { used: number; budget: number | null; isWarned: boolean }): BudgetNews | null =>
  budget === null || isWarned || used * 100 < budget * warnPercent ? null : 'nearly-used'

/** The mail. `month`: its first day, such as `2031-09-01`. */
export const toBudgetNotice = (news: BudgetNews, month: string): { subject: string; text: string } => {
  const named = month.slice(0, 7)
  return news === 'exhausted'
    ? {
        subject: 'Your district’s translations are used up for this month',
        text: [
          `The characters that your district has translated in a month are used up for ${named}. Messages are not translated until the next month begins, or until the budget is raised; everybody reads the originals meanwhile, and translations that are there stay.`,
          'Please ask us to raise the budget if you need more. You are not told again this month.',
        ].join('\n\n'),
      }
    : {
        subject: 'Your district’s translations are nearly used up for this month',
        text: [
          `More than ${warnPercent} % of the characters that your district has translated in a month are used for ${named}. When all are, messages are not translated until the next month begins.`,
          'Please ask us to raise the budget if you need more. You are told once more if it is used up.',
        ].join('\n\n'),
      }
}
