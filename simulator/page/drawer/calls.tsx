import { useCallback, useState } from 'react'
import type { CallLine } from '../../dev-protocol.ts'
import { useFresh } from '../fresh.ts'
import { clockSeconds } from '../when.ts'
import { dev, useTraffic } from './dev.ts'
import { Code, CopyButton, Filter, Pill, Waiting } from './pieces.tsx'

/** Each call of the bot to the Open Platform, with what it was answered. */
export function Calls() {
  const [words, setWords] = useState('')
  const [shown, setShown] = useState<number>()
  const { value, fault } = useTraffic(words)
  return (
    <>
      <Filter words={words} setWords={setWords} label="筛选调用：路径、错误码、log_id 或内容" />
      {!value && <Waiting fault={fault} />}
      {value?.calls.length === 0 && <p className="empty">机器人还没有发出符合条件的调用。</p>}
      <ol className="records">
        {value?.calls.map(call => (
          <li key={call.n}>
            <button
              type="button"
              className="record"
              data-testid="call"
              aria-expanded={shown === call.n}
              onClick={() => setShown(shown === call.n ? undefined : call.n)}
            >
              <Line call={call} />
            </button>
            {shown === call.n && <Detail n={call.n} />}
          </li>
        ))}
      </ol>
    </>
  )
}

function Line({ call }: { call: CallLine }) {
  const { at, method, path, code, status, ms } = call
  return (
    <>
      <time>{clockSeconds(at)}</time>
      <b title={path}>
        {method} {path.replace('/open-apis', '')}
      </b>
      <span className="record-note">{ms !== undefined && `${ms} ms`}</span>
      <Pill mood={status === 200 && code === 0 ? 'good' : 'bad'}>{status === 0 ? '连接中断' : code || status}</Pill>
    </>
  )
}

function Detail({ n }: { n: number }) {
  const { value, fault } = useFresh(useCallback(() => dev.call(n), [n]))
  if (!value) return <Waiting fault={fault} />
  const { log_id, status, code, query, body, answer } = value
  return (
    <div className="record-detail" data-testid="call-detail">
      <dl>
        <dt>log_id</dt>
        <dd>{log_id}</dd>
        <dt>应答</dt>
        <dd>
          HTTP {status}，code {code}
        </dd>
      </dl>
      <CopyButton label="复制 log_id" text={() => log_id} />
      {Object.keys(query).length > 0 && <Code title="查询参数" text={JSON.stringify(query)} open />}
      <Code title="请求内容" text={JSON.stringify(body)} open />
      <Code title="应答内容" text={answer ?? '（较早的应答内容没有保留）'} open />
    </div>
  )
}
