import { Avatar, BotFace } from '../avatar.tsx'
import { GoLink } from '../go-link.tsx'
import { Switch } from '../icon.tsx'
import { dutyOf, useSeat } from '../office.tsx'
import { BotClock } from './clock.tsx'

export function TopBar({ offset, moved }: { offset: number; moved: (offset: number) => void }) {
  const { office, me } = useSeat()
  return (
    <header className="top-bar">
      <div className="brand">
        <BotFace size={28} />
        <b>{office.bot.name}</b>
        <span className="brand-tenant">{office.tenant} · 模拟飞书</span>
      </div>
      <BotClock offset={offset} moved={moved} movable={office.clock.movable} />
      <div className="me" data-testid="me">
        <Avatar id={me.open_id} name={me.name} size={30} />
        <span className="me-name">
          <b>{me.name}</b>
          <small>{dutyOf(office, me)}</small>
        </span>
        <GoLink className="me-switch" to={{}} title="切换身份">
          <Switch size={16} />
          <span>我是谁</span>
        </GoLink>
      </div>
    </header>
  )
}
