import type { Gauge } from '../../dev-protocol.ts'
import type { ChatRow } from '../../protocol.ts'
import { useSeat } from '../office.tsx'
import { useTraffic } from './dev.ts'
import { Waiting } from './pieces.tsx'

/** How much of each of the platform's limits is in use right now. */
export function Gauges({ chats }: { chats: ChatRow[] }) {
  const { value, fault } = useTraffic('')
  if (!value) return <Waiting fault={fault} />
  const { apis, targets } = value.limits
  return (
    <div className="gauges">
      <p className="drawer-hint">
        飞书按接口每秒、每分钟限流，每个会话、每张卡片另限每秒 5 次。数值随时更新；括号内为最高值。
      </p>
      <h3>按接口</h3>
      {apis.length === 0 && <p className="empty">还没有计数</p>}
      {apis.map(each => (
        <Api key={each.of} gauge={each} />
      ))}
      <h3>按会话和卡片</h3>
      {targets.length === 0 && <p className="empty">还没有计数</p>}
      {targets.toReversed().map(each => (
        <div key={each.of} className="gauge" data-testid="gauge">
          <TargetName id={each.of} chats={chats} />
          <Meter label="每秒" now={each.now_1s} max={each.max_1s} peak={each.peak_1s} />
          <Refused count={each.refused} />
        </div>
      ))}
    </div>
  )
}

function Api({ gauge }: { gauge: Gauge }) {
  return (
    <div className="gauge" data-testid="gauge">
      <b>{gauge.of}</b>
      <Meter label="每秒" now={gauge.now_1s} max={gauge.max_1s} peak={gauge.peak_1s} />
      {gauge.max_60s !== undefined && (
        <Meter label="每分钟" now={gauge.now_60s} max={gauge.max_60s} peak={gauge.peak_60s} />
      )}
      <Refused count={gauge.refused} />
    </div>
  )
}

function Meter({ label, now, max, peak }: { label: string; now: number; max: number; peak: number }) {
  return (
    <div className="meter">
      <span>{label}</span>
      <meter aria-label={`${label}用量`} min={0} max={max} high={max * 0.8} optimum={0} value={now} />
      <span>
        {now} / {max}（{peak}）
      </span>
    </div>
  )
}

const Refused = ({ count }: { count: number }) =>
  count > 0 ? <p className="gauge-refused">已拒绝 {count} 次</p> : null

function TargetName({ id, chats }: { id: string; chats: ChatRow[] }) {
  const { me } = useSeat()
  const chat = chats.find(each => each.chat_id === id)
  if (chat) return <b>{chat.chat_type === 'p2p' ? `${me.name}的单聊` : chat.name}</b>
  return <b title={id}>{`${id.startsWith('om_') ? '卡片' : '会话'} ${id.slice(0, 12)}…`}</b>
}
