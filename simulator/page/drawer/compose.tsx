import { useCallback, useId, useState } from 'react'
import type { ChatRow, Delivery } from '../../protocol.ts'
import { useFresh } from '../fresh.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { wordsOf } from '../toast.tsx'
import { dev, type EventRequest, useLive } from './dev.ts'
import { checked } from './event-check.ts'
import { type Cast, templates } from './event-templates.ts'
import { Code, Waiting } from './pieces.tsx'

interface Props {
  chats: ChatRow[]
  chatId?: string | undefined
}

/** Any event, beginning with a template that holds this office's ids; sent signed and encrypted as Feishu does. */
export function Compose({ chats, chatId }: Props) {
  const cast = useCast(chats, chatId)
  return cast ? <Editor key={cast.me.open_id} cast={cast} /> : <Waiting />
}

function Editor({ cast }: { cast: Cast }) {
  const id = useId()
  const [chosen, setChosen] = useState(0)
  const [like, setLike] = useState(() => made(0, cast))
  const [text, setText] = useState(() => JSON.stringify(like, null, 2))
  const { sending, outcome, send } = useSending()
  const { request, faults, doubts } = checked(text, like)
  const choose = (index: number) => {
    const next = made(index, cast)
    setChosen(index)
    setLike(next)
    setText(JSON.stringify(next, null, 2))
  }
  return (
    <form
      className="compose"
      onSubmit={event => {
        event.preventDefault()
        if (request) void send(request, cast)
      }}
    >
      <label htmlFor={`${id}-template`}>事件模板</label>
      <div className="compose-row">
        <select
          id={`${id}-template`}
          className="field"
          value={chosen}
          onChange={event => choose(Number(event.target.value))}
        >
          {templates.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={() => choose(chosen)}>
          重新填写
        </button>
      </div>
      <label htmlFor={`${id}-json`}>内容（JSON，可改）</label>
      <textarea
        id={`${id}-json`}
        className="field compose-json"
        spellCheck={false}
        value={text}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-remarks`}
        onChange={event => setText(event.target.value)}
      />
      <ul className="compose-remarks" id={`${id}-remarks`}>
        {faults.map(words => (
          <li key={words} data-kind="fault">
            {words}
          </li>
        ))}
        {doubts.slice(0, 8).map(words => (
          <li key={words}>{words}（仍可发送）</li>
        ))}
      </ul>
      <button type="submit" className="button button-primary_filled" disabled={!request || sending}>
        {sending && <span className="spinner" />}签名并推送
      </button>
      {outcome && <OutcomeView outcome={outcome} />}
    </form>
  )
}

const made = (index: number, cast: Cast): EventRequest => templates[index]?.make(cast) ?? { event_type: '', event: {} }

/** Of an event its delivery, which may still be repeated; else what came of it, in words. */
type Outcome = { delivery: Delivery } | Told

interface Told {
  words: string
  answer?: string
}

function OutcomeView({ outcome }: { outcome: Outcome }) {
  return (
    <div className="compose-outcome" role="status" data-testid="event-outcome">
      {'delivery' in outcome ? (
        <Followed key={outcome.delivery.id} first={outcome.delivery} />
      ) : (
        <Said told={outcome} />
      )}
    </div>
  )
}

/** Looks again until the bot has taken it up or it is given up. */
function Followed({ first }: { first: Delivery }) {
  const { value = first } = useLive(useCallback(() => dev.delivery(first.id), [first.id]))
  return <Said told={told(value)} />
}

function Said({ told: { words, answer } }: { told: Told }) {
  return (
    <>
      <p>{words}</p>
      {answer !== undefined && <Code title="应答" text={answer} open />}
    </>
  )
}

function useSending() {
  const [sending, setSending] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()
  const send = async (request: EventRequest, cast: Cast) => {
    setSending(true)
    try {
      setOutcome(
        request.event_type === 'card.action.trigger'
          ? await pressed(request, cast)
          : { delivery: await dev.sendEvent(request) },
      )
    } catch (fault) {
      setOutcome({ words: `未能推送：${wordsOf(fault)}` })
    }
    setSending(false)
  }
  return { sending, outcome, send }
}

function told({ attempts, state }: Delivery): Told {
  const last = attempts.at(-1)
  const words = { done: '机器人已收下', pending: '机器人还没有收下，稍后重试', 'given-up': '已放弃' }[state]
  const nth = attempts.length > 1 ? `第 ${attempts.length} 次，` : ''
  return {
    words: `${words}（${nth}${last?.error ?? `HTTP ${last?.status ?? '……'}`}，${last?.ms ?? 0} ms）`,
    answer: last?.answer ?? '',
  }
}

/** Callbacks are asked, not told: one attempt, and the answer takes effect on the card. */
async function pressed({ event }: EventRequest, { me }: Cast): Promise<Told> {
  const { operator = {}, action = {}, context = {} } = event as Record<string, Record<string, unknown>>
  const answer = await dev.rawClick({
    as: operator.open_id ?? me.open_id,
    message_id: context.open_message_id,
    chat_id: context.open_chat_id,
    action,
    operator,
  })
  return { words: '回调已发出', answer: JSON.stringify(answer) }
}

/** The people and chats of the templates; undefined until the last messages are known. */
function useCast(chats: ChatRow[], chatId?: string): Cast | undefined {
  const { office, me } = useSeat()
  const open = chats.find(each => each.chat_id === chatId)
  const group = open?.chat_type === 'group' ? open : chats.find(each => each.chat_type === 'group')
  const p2p = chats.find(each => each.chat_type === 'p2p')
  const shown = open ?? p2p ?? group
  const said = useFresh(
    useCallback(
      async () => (shown ? (await sim.messages(shown.chat_id, me.open_id)).messages : []),
      [shown, me.open_id],
    ),
  )
  const other = office.people.find(each => each.open_id !== me.open_id && !each.is_resigned)
  const fallback = group ?? shown
  if (!fallback || !other || !said.value) return undefined
  const last = said.value.at(-1)
  return {
    office,
    me,
    other,
    group: fallback,
    p2p,
    last,
    card: said.value.findLast(one => one.msg_type === 'interactive'),
  }
}
