import { clockSeconds } from '../when.ts'
import { dev, useLive } from './dev.ts'
import { Pill, Waiting } from './pieces.tsx'

/** What the bot called and this simulator does not know. */
export function Gaps() {
  const { value, fault } = useLive(dev.gaps)
  if (!value) return <Waiting fault={fault} />
  return (
    <>
      <p className="drawer-hint">机器人调用过、而模拟飞书没有的接口；它们得到 404 和错误码 99991201。</p>
      {value.gaps.length === 0 && <p className="empty">没有调用过未知的接口。</p>}
      <ol className="records">
        {value.gaps.map(({ method, path, count, last_at }) => (
          <li key={`${method} ${path}`} className="record" data-testid="gap">
            <time>{clockSeconds(last_at)}</time>
            <b title={path}>
              {method} {path}
            </b>
            <span />
            <Pill mood="bad">{count} 次</Pill>
          </li>
        ))}
      </ol>
    </>
  )
}
