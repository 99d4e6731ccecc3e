import { Avatar, BotFace } from '../avatar.tsx'
import type { TabName } from '../drawer/opening.ts'
import { GoLink } from '../go-link.tsx'
import { Braces, Guide, Switch } from '../icon.tsx'
import { dutyOf, useSeat } from '../office.tsx'
import { useTour } from '../tour/tour.tsx'
import { BotClock } from './clock.tsx'

interface Props {
  offset: number
  moved: (offset: number) => void
  drawer: { open: boolean; toggle: () => void; turnTo: (tab: TabName) => void }
}

export function TopBar({ offset, moved, drawer }: Props) {
  const { office, me } = useSeat()
  const tour = useTour()
  return (
    <header className="top-bar">
      <div className="brand">
        <BotFace size={28} />
        <h1>{office.bot.name}</h1>
        <span className="brand-tenant">{office.tenant} · 模拟飞书</span>
      </div>
      <BotClock offset={offset} moved={moved} movable={office.clock.movable} />
      <div className="me" data-testid="me">
        {office.faults.length > 0 && (
          <button
            type="button"
            className="fault-badge"
            data-testid="fault-badge"
            onClick={() => drawer.turnTo('faults')}
          >
            故障 {office.faults.length}
          </button>
        )}
        {tour.possible && (
          <button type="button" className="icon-button tour-again" aria-label="导览" title="导览" onClick={tour.start}>
            <Guide />
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="开发者抽屉"
          title="开发者抽屉（Ctrl+`）"
          aria-expanded={drawer.open}
          onClick={drawer.toggle}
        >
          <Braces />
        </button>
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
