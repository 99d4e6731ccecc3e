import { hasCopies } from '../db/copies.ts'
import { keepFirstOnce } from '../db/settings.ts'
import type { Answer, Body, Feature, Host, Press, Said, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { distance, firstWord, halfWidth, plain, shorten } from '../src/kit/text.ts'
import {
  helpCard,
  joinedCard,
  lostCard,
  proposalCard,
  type Subject,
  subjectCard,
  welcomeCard,
} from '../src/office/help/cards.ts'
import { isAdmin } from './admins.ts'

export const help: Feature = {
  name: 'help',
  title: '帮助',
  words: ['帮助', 'help', '?'],
  about: '我在这里能做什么',
  commands: { '': { usage: '/帮助 交办', about: '全部用法,或某一项的用法', run: explain } },
  actions: { run: runCommand },
  // nothing is done with a file that belongs to nothing: that it cannot be read matters once it is to belong to something
  looked: async (beat, _, looked) => {
    if ('fault' in looked && looked.caught)
      beat.send({ to: { person: looked.by }, body: { text: looked.fault }, urgent: true })
  },
  // it may say any command
  heavy: ['run'],
  says(turn, press) {
    const command = commandOf(turn, press)
    return command && { feature: command.feature.name, act: command.sub || 'command' }
  },
}

async function explain(turn: Turn, said: Said): Promise<Answer> {
  const [word] = firstWord(said.text)
  if (!word) return { say: { card: overview(turn) }, privately: true }
  const feature = featureNamed(turn, word.replace(/^[/\uff0f、\\]/, ''))
  if (!feature) throw new Refusal(`没有“${shorten(word, 20)}”这个命令`, '/帮助 交办')
  return { say: { card: subjectCard(asSubject(feature)) }, privately: true }
}

const overviews = new WeakMap<readonly Feature[], Map<string, Card>>()

/** What this person can do, drawn once for all who can do the same: the upkeep of the house is shown to 系统管理员 alone. */
function overview(turn: Turn): Card {
  const { office, roles } = turn
  const { features } = office
  const shown = features.filter(
    ({ forAdmins, forRoles }) =>
      (!forAdmins || isAdmin(turn)) && (!forRoles || roles.some(({ code }) => forRoles.includes(code))),
  )
  const drawn = overviews.get(features) ?? new Map<string, Card>()
  overviews.set(features, drawn)
  const names = shown.map(({ name }) => name).join()
  const known = drawn.get(names) ?? helpCard(shown.map(asSubject))
  drawn.set(names, known)
  return known
}

function asSubject({ title, words, about, commands }: Feature): Subject {
  return {
    title,
    word: words[0] ?? '',
    about,
    examples: Object.values(commands).map(({ usage, about: what }) => ({ usage, about: what })),
  }
}

const featureNamed = (turn: Turn, word: string): Feature | undefined =>
  turn.office.features.find(feature => feature.words.some(one => plain(one) === plain(word)))

function commandOf(turn: Turn, { value }: Press) {
  const feature = typeof value.word === 'string' ? featureNamed(turn, value.word) : undefined
  if (!feature) return undefined
  const rest = typeof value.rest === 'string' ? value.rest.slice(0, 1_000) : ''
  const [word, after] = firstWord(rest)
  const sub = Object.keys(feature.commands).find(name => name !== '' && plain(name) === plain(word)) ?? ''
  const command = feature.commands[sub]
  return command && { feature, sub, command, text: sub ? after : rest }
}

/** A button that says a command for the person who pressed it. */
async function runCommand(turn: Turn, press: Press): Promise<Answer> {
  const said = commandOf(turn, press)
  if (!said) throw new Refusal('卡片已过期,请以最新卡片为准')
  const { command, text } = said
  const { message } = press
  const answer = await command.run(turn, { pieces: text ? [text] : [], text, attachments: [], message, parent: '' })
  return {
    ...answer,
    toast: { kind: 'success', words: turn.chat.kind === 'group' && answer.privately ? '已发送到私聊' : '已办理' },
  }
}

/** Who speaks when no command was meant. */
export const host: Host = {
  async unknown(turn, said, word) {
    const taken = turn.chat.kind === 'private' && said.attachments.length ? await takenBy(turn, said) : undefined
    if (taken) return taken
    host.unheard(turn, said.attachments)
    if (!said.text)
      return {
        say: { card: said.attachments.length ? lostCard(LOOSE_FILE) : overview(turn) },
        privately: true,
      }
    const nearest = nearestTo(turn, word)
    const named = word && /^[/\uff0f、\\]/.test(said.text) ? `没有“${shorten(word, 12)}”这个命令` : '没有识别到命令'
    if (!nearest)
      return { say: { card: lostCard(`${named}。交办一件事请发送:/交办 @姓名 时限 事项。`) }, privately: true }
    const meant = shorten(argumentsOf(said.text, word, nearest.length), 90)
    return { say: { card: proposalCard(shorten(word, 12), nearest.word, meant) }, privately: true }
  },

  unheard(turn, attachments) {
    for (const file of attachments) if (file.kind === 'file') turn.fetch(file, help.name, '', 'look')
  },

  async entered(turn) {
    const first = await keepFirstOnce(turn.db, `greeted.${turn.who.id}`, turn.now)
    // whoever is met by a matter that waits for them needs no introduction above it
    const expected = first && (await hasCopies(turn.db, turn.who.id))
    const greeting = await greeted(turn)
    if (greeting) return { say: greeting, privately: true }
    return first && !expected ? { say: { card: welcomeCard(turn.who.name) } } : undefined
  },

  async joined(turn) {
    const first = await keepFirstOnce(turn.db, `joined.${turn.chat.id}`, turn.now)
    return first ? { say: { card: joinedCard() } } : undefined
  },
}

/** What waits for somebody at this very time, e.g. at a door whose picture has led them here. */
async function greeted(turn: Turn): Promise<Body | undefined> {
  for (const { greets } of turn.office.features) {
    const body = await greets?.(turn)
    if (body) return body
  }
  return undefined
}

/** A file that one of the features has a use for; those whose table it is by its name are asked first. */
async function takenBy(turn: Turn, said: Said): Promise<Answer | undefined> {
  const desks = turn.office.features.flatMap(({ files }) => files ?? [])
  const claim = (desk: (typeof desks)[number]) => said.attachments.some(({ name }) => desk.claims?.(name) === true)
  for (const desk of [...desks.filter(claim), ...desks.filter(desk => !claim(desk))]) {
    const answer = await desk.received(turn, said)
    if (answer) return answer
  }
  return undefined
}

const LOOSE_FILE = '如需作为某一事项的材料,请回复该事项的卡片发送文件。'

/** What was said beside the word that was meant for a command; `length`: how much of that is the command. */
function argumentsOf(text: string, word: string, length: number): string {
  const at = Math.max(halfWidth(text).indexOf(word), 0)
  const [before, behind] = [text.slice(0, at).replace(SIGN, ''), text.slice(at + length).replace(PARTING, '')]
  return `${before.trim()} ${behind}`.trim()
}

const SIGN = /[/\uff0f、\\]\s*$/
const PARTING = /^[\s:\uff1a,\uff0c、]+/

/**
 * The command word that lies nearest: at most one edit away for short words, two for longer ones, or with one inside the other; and
 * how much of what was typed it takes the place of, for what is glued to a Chinese one is its argument.
 */
function nearestTo(turn: Turn, typed: string): { word: string; length: number } | undefined {
  const [said = '', word = ''] = /^[/、\\]?([^\s:,@、]{0,12})/.exec(plain(typed)) ?? []
  if (!word) return undefined
  const scored = turn.office.features.flatMap(feature =>
    feature.words.map(one => ({
      word: feature.words[0] ?? one,
      length: said.length - (word.startsWith(one) && /^[一-鿿]/.test(one) ? word.length - one.length : 0),
      away: word.startsWith(plain(one)) && one.length > 1 ? 0 : distance(word, plain(one)),
      most: one.length > 3 ? 2 : 1,
      size: one.length,
    })),
  )
  const near = scored
    .filter(({ away, most, size }) => away <= most && (size > 1 || away === 0) && away < size)
    .sort((a, b) => a.away - b.away)
  return near[0]
}
