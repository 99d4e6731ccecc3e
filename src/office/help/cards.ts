import { type Button, bold, buttons, type Card, card, note, type Piece, text } from '../../kit/card.ts'

/** What help needs to know of a subject. */
export interface Subject {
  title: string
  word: string
  about: string
  examples: Array<{ usage: string; about: string }>
}

const runs = (word: string, rest = ''): Button => ({
  label: `/${word}${rest ? ` ${rest}` : ''}`,
  action: 'help.run',
  value: { word, rest },
})

/** Everything that can be done, one line and one example each. */
export function helpCard(subjects: readonly Subject[]): Card {
  return {
    ...card(
      '回音 · 帮助',
      'blue',
      text('事事有交待、件件有回音。直接发送命令即可;群内请先@我。'),
      ...subjects.map(({ word, about, examples }) =>
        text(bold(`/${word}`), ` ${about}`, ...exampleOf(word, examples[0]?.usage)),
      ),
      buttons(runs('待办'), runs('今日')),
      note('发送 /帮助 加命令名可看详细用法,例如:/帮助 交办。本平台禁止处理涉密信息。'),
    ),
    summary: '回音 · 帮助',
  }
}

/** An example that is the bare word again would say nothing. */
const exampleOf = (word: string, usage: string | undefined): string[] =>
  usage && usage !== `/${word}` ? [`\n例:${usage}`] : []

/** One subject in full. */
export function subjectCard({ title, about, examples }: Subject): Card {
  return card(
    `帮助 · ${title}`,
    'blue',
    text(about),
    ...examples.map(({ usage, about: what }) => text(bold(usage), ` ${what}`)),
  )
}

/** The first card in a private chat. */
export function welcomeCard(name: string): Card {
  const greeting: Piece[] = [`${name ? `${name},` : ''}您好。我是回音,负责交办与回音:`]
  return {
    ...card(
      '回音 · 使用说明',
      'blue',
      text(...greeting),
      text(
        '· 交办一件事:',
        bold('/交办 @李静 明天下班前把投影仪修好'),
        '\n· 查看等我办理的:',
        bold('/待办'),
        '\n· 全部用法:',
        bold('/帮助'),
      ),
      buttons(runs('帮助'), runs('待办')),
      note('本平台禁止处理涉密信息。'),
    ),
    summary: '回音 · 使用说明',
  }
}

/** The first card in a group. */
export function joinedCard(): Card {
  return {
    ...card(
      '回音已加入本群',
      'blue',
      text('在群内@我即可交办事项,办理情况在卡片上随时可见,办结有回音。'),
      text('例:@回音 ', bold('/交办 @李静 明天下班前把投影仪修好')),
      note('回复事项卡片即为留言;材料可直接回复在卡片下。本平台禁止处理涉密信息。'),
    ),
    summary: '回音已加入本群',
  }
}

/** Not a command: the nearest one is offered, with what followed. */
export function proposalCard(word: string, nearest: string, rest: string): Card {
  return {
    ...card(
      '未能识别',
      'grey',
      text('没有“', bold(word), '”这个命令。是否要用:'),
      buttons({ ...runs(nearest, rest), style: 'primary' }, runs('帮助')),
    ),
    summary: `没有“${word}”这个命令`,
  }
}

/** Nothing near either. */
export function lostCard(hint: string): Card {
  return {
    ...card('未能识别', 'grey', text(hint), buttons(runs('帮助'), runs('待办'))),
    summary: '未能识别,请发送 /帮助',
  }
}
