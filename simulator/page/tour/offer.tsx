import { useTour } from './tour.tsx'

/** What the page opens on, the first time. */
export function TourOffer() {
  const { offered, start, passBy } = useTour()
  if (!offered) return null
  return (
    <section className="tour-offer" data-testid="tour-offer" aria-label="导览">
      <h2>第一次来？三步看懂回音</h2>
      <ol>
        <li>
          <b>交办</b> 在群里把一件事交给同事
        </li>
        <li>
          <b>签收</b> 换成对方，在卡片上签收、办结
        </li>
        <li>
          <b>回音</b> 回来看，交办的人收到了什么
        </li>
      </ol>
      <div className="tour-buttons">
        <button type="button" className="button button-text" onClick={passBy}>
          跳过
        </button>
        <button type="button" className="button button-primary_filled button-large" onClick={start}>
          开始体验
        </button>
      </div>
    </section>
  )
}
