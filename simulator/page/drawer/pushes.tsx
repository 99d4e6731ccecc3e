import { useCallback, useState } from 'react'
import type { DeliveryLine } from '../../dev-protocol.ts'
import type { Attempt, Delivery } from '../../protocol.ts'
import { clockSeconds } from '../when.ts'
import { curlOf } from './curl.ts'
import { dev, useLive, useTraffic } from './dev.ts'
import { Code, CopyButton, Filter, type Mood, Pill, Waiting } from './pieces.tsx'

/** Each push to the bot: what was sent, how often, and what came back. */
export function Pushes() {
  const [words, setWords] = useState('')
  const [shown, setShown] = useState<string>()
  const { value, fault } = useTraffic(words)
  return (
    <>
      <Filter words={words} setWords={setWords} label="筛选推送：类型、编号、内容或状态" />
      {!value && <Waiting fault={fault} />}
      {value?.deliveries.length === 0 && (
        <p className="empty">还没有符合条件的推送。说句话，或到“构造事件”里发一个。</p>
      )}
      <ol className="records">
        {value?.deliveries.map(line => (
          <li key={line.id}>
            <button
              type="button"
              className="record"
              data-testid="push"
              aria-expanded={shown === line.id}
              onClick={() => setShown(shown === line.id ? undefined : line.id)}
            >
              <Line line={line} />
            </button>
            {shown === line.id && <Detail id={line.id} />}
          </li>
        ))}
      </ol>
    </>
  )
}

function Line({ line }: { line: DeliveryLine }) {
  return (
    <>
      <time>{line.at ? clockSeconds(line.at) : '未发出'}</time>
      <b>{line.event_type}</b>
      <span className="record-note">
        {line.tries > 1 && `第 ${line.tries} 次`} {line.ms !== undefined && line.status !== null && `${line.ms} ms`}
      </span>
      <Pill mood={moods[line.state]}>
        {line.error ? (errors[line.error] ?? line.error) : (line.status ?? '等待应答')}
      </Pill>
    </>
  )
}

const moods: Record<Delivery['state'], Mood> = { done: 'good', pending: 'waiting', 'given-up': 'bad' }

const errors: Record<string, string> = {
  timeout: '超时',
  unreachable: '连接失败',
  'unknown host': '域名无法解析',
  'broken off': '连接中断',
  'no address': '没有地址',
  'lost on the way': '途中丢失',
  'answer lost': '应答丢失',
}

function Detail({ id }: { id: string }) {
  const { value, fault } = useLive(useCallback(() => dev.delivery(id), [id]))
  if (!value) return <Waiting fault={fault} />
  return (
    <div className="record-detail" data-testid="push-detail">
      <dl>
        <dt>地址</dt>
        <dd>POST {value.url}</dd>
        <dt>event_id</dt>
        <dd>{value.event_id || '（无）'}</dd>
        {value.next_at && (
          <>
            <dt>下次重试</dt>
            <dd>
              {clockSeconds(value.next_at)}（{inWords(value.next_at - Date.now())}后）
            </dd>
          </>
        )}
      </dl>
      {value.attempts.toReversed().map((attempt, at) => (
        <AttemptView
          key={attempt.at + (attempt.headers?.['x-lark-request-nonce'] ?? String(at))}
          attempt={attempt}
          nth={value.attempts.length - at}
          url={value.url}
        />
      ))}
    </div>
  )
}

function AttemptView({ attempt, nth, url }: { attempt: Attempt; nth: number; url: string }) {
  const { at, ms, status, error, headers = {}, plain = '', body, answer = '' } = attempt
  return (
    <section className="attempt">
      <h4>
        第 {nth} 次 · {clockSeconds(at)} · {error ? (errors[error] ?? error) : `HTTP ${status ?? '……'}`} · {ms} ms
        <CopyButton label="复制为 curl" text={() => curlOf(url, headers, body)} />
      </h4>
      <Code title="内容（加密前）" text={plain} open={nth === 1} />
      <Code title="请求头" text={headerLines(headers)} />
      <Code title="报文（加密后）" text={body} />
      <Code title="应答" text={answer} />
    </section>
  )
}

const headerLines = (headers: Record<string, string>) =>
  [['content-type', 'application/json; charset=utf-8'], ...Object.entries(headers)]
    .map(one => one.join(': '))
    .join('\n')

function inWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} 秒`
  return seconds < 3600 ? `${Math.round(seconds / 60)} 分钟` : `${(seconds / 3600).toFixed(1)} 小时`
}
