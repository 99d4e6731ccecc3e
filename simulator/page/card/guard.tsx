import { Component, type ReactNode } from 'react'
import type { Node } from './node.ts'

interface Props {
  of: Node
  /** What stands in its place. */
  words?: string
  children: ReactNode
}

interface State {
  of?: Node
  broken: boolean
}

/** Card JSON, and a post's, is a bot's: should a piece of it be more than a component bears, this one stays undrawn until it changes. */
export class Guard extends Component<Props, State> {
  override state: State = { broken: false }

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return of === state.of ? null : { of, broken: false }
  }

  static getDerivedStateFromError(): Partial<State> {
    return { broken: true }
  }

  override render() {
    return this.state.broken ? (
      <div className="bubble">{this.props.words ?? '[无法显示的卡片]'}</div>
    ) : (
      this.props.children
    )
  }
}
