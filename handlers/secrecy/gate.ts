import { peopleById } from '../../db/people.ts'
import { areReleased, noteStopped } from '../../db/secrecy.ts'
import type { Beat, Gate } from '../../src/bot/feature.ts'
import { type Alert, replyTo } from '../../src/office/secrecy/alert.ts'
import { examine, type Verdict } from '../../src/office/secrecy/examine.ts'
import { normalise } from '../../src/office/secrecy/normal.ts'
import { RULE_BOOK } from '../../src/office/secrecy/rule-book.ts'
import { adminIds } from '../admins.ts'
import { judgesOf, officersOf } from './officers.ts'

export const FEATURE = 'secrecy'

/** What stands before everything from outside (domain.md 9). */
export const gate: Gate = {
  examine(piece) {
    const verdict = examine(piece)
    return verdict.action === 'pass' ? verdict : { ...verdict, hints: hintsOf(verdict) }
  },
  normalise: text => normalise(text).text,
  isReleased: areReleased,

  async stopped(beat, caught) {
    const [sender] = await peopleById(beat.db, [caught.sender])
    const unit = sender?.departments[0] ?? ''
    const { chat, message, place, action, rules, fingerprints } = caught
    const noted = await noteStopped(
      beat.db,
      { at: beat.now, chat, message, place, action, rules: [...rules], fingerprints: [...fingerprints] },
      { sender: caught.sender, unit },
    )
    if (!noted) return
    const matter = String(noted.alert.id)
    beat.record({ feature: FEATURE, act: action, matter, outcome: 'refused', data: { rules, place } })
    if (noted.isNew) await tellOfficers(beat, noted.alert)
    else beat.redraw(FEATURE, matter)
  },

  replyTo: ({ action, hints }) => replyTo(action, hints),

  passed(beat, { hides, rules, hints }) {
    beat.record({ feature: FEATURE, act: hides ? 'mask' : 'warn', data: { rules } })
    return [hides ? MASKED : WARNED, ...hints].join('')
  },
}

/** What is to be known of the gravest of it: that a milder word could be released helps nobody then. */
const hintsOf = ({ hits, action }: Verdict): string[] =>
  [...new Set(hits.filter(hit => hit.action === action).map(({ rule }) => rule))].flatMap(
    id => RULE_BOOK.find(rule => rule.id === id)?.hint ?? [],
  )

const MASKED = '提示:内容中的个人敏感信息已自动遮蔽,请勿在本平台发送。'
const WARNED = '提示:请确认内容可以公开、不属于内部文稿,本平台禁止处理涉密信息。'

/** 保密员 of the unit judges it; where there is none, 办公室主任 is told, and 系统管理员 of the want. */
async function tellOfficers(beat: Beat, alert: Alert): Promise<void> {
  const body = { matter: { feature: FEATURE, id: String(alert.id) } }
  for (const person of await judgesOf(beat, alert)) beat.send({ to: { person }, body, urgent: true })
  if ((await officersOf(beat, alert)).length) return
  for (const person of await adminIds(beat)) beat.send({ to: { person }, body: { text: NO_OFFICER }, urgent: true })
}

const NO_OFFICER = '有内容被保密检查拦截,但尚未设置可以处置的保密员。请设置,例如:/角色 @姓名 保密员。'
