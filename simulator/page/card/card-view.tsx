import { useMemo } from 'react'
import type { Message } from '../../protocol.ts'
import { useLooks, useNarrow } from '../looks.ts'
import { Elements, RegistryContext } from './element.tsx'
import { Guard } from './guard.tsx'
import { CardHeader } from './header.tsx'
import { inLanguage } from './language.ts'
import { type Node, nodeOf, plain, safeLink } from './node.ts'
import { flowStyle, ownStyle } from './paint.ts'
import { type CardAtHand, CardContext } from './press.ts'
import { registry } from './registry.ts'
import { PaceContext, paceOf } from './typing.ts'
import './card.css'
import './field.css'
import './markdown.css'
import './picker.css'
import './media.css'

interface Props {
  card: Node
  id?: string
  at: CardAtHand
  /** It shows what the card showed, and nothing in it can be pressed. */
  inert?: Message['inert']
}

const INERT = { forwarded: '转发的卡片，不能操作', batch: '批量发送的卡片，不能操作' }

/** A card that cannot be drawn says so; the page around it goes on. */
export function CardView(props: Props) {
  return (
    <Guard of={props.card}>
      <Drawn {...props} />
    </Guard>
  )
}

function Drawn({ card: written, id, at, inert }: Props) {
  const narrow = useNarrow()
  const { oldClient, language } = useLooks()
  const card = useMemo(() => inLanguage(written, language), [written, language])
  const config = nodeOf(card.config)
  const pace = useMemo(() => paceOf(nodeOf(card.config)), [card])
  const old = oldClient && card.schema === '2.0'
  return (
    <RegistryContext value={registry}>
      <CardContext value={inert ? { ...at, locked: true } : at}>
        <section
          className={`card card-${plain(config.width_mode) || 'default'}`}
          data-testid="card"
          data-message-id={id}
          data-busy={at.locked || undefined}
          data-inert={inert}
          aria-busy={at.locked}
          aria-label={plain(nodeOf(card.header).title) || '卡片'}
          style={ownStyle(config, narrow)}
        >
          {card.header !== undefined && <CardHeader node={nodeOf(card.header)} />}
          <PaceContext value={pace}>{old ? <Upgrade /> : <Body card={card} narrow={narrow} />}</PaceContext>
          {inert && <p className="card-inert">{INERT[inert]}</p>}
        </section>
      </CardContext>
    </RegistryContext>
  )
}

/** What clients below 7.20 show of any card 2.0, besides its title. */
function Upgrade() {
  return <p className="card-body card-upgrade">请升级至最新版本客户端，以查看内容</p>
}

function Body({ card, narrow }: { card: Node; narrow: boolean }) {
  const body = nodeOf(card.body)
  const link = linkOf(nodeOf(card.card_link), narrow)
  return (
    <>
      <div className="card-flow card-body" style={flowStyle(body)}>
        <Elements of={body.elements ?? card.elements} />
      </div>
      {link && (
        <a className="card-link" href={link} target="_blank" rel="noreferrer">
          查看详情
        </a>
      )}
    </>
  )
}

/** This kind of lark:// address says that a platform has no page; it is no link here either. */
function linkOf(of: Node, narrow: boolean): string | undefined {
  const own = narrow ? plain(of.android_url) || plain(of.ios_url) : plain(of.pc_url)
  return safeLink(own || plain(of.url))
}
