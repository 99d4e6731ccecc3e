import { useCallback, useState } from 'react'
import { useConfirm } from './confirm.tsx'
import { useFresh } from './fresh.ts'
import { Restart } from './icon.tsx'
import { ask } from './sim.ts'
import { useToast, wordsOf } from './toast.tsx'
import { markUnseen } from './tour/progress.ts'

const demo = {
  extent: () => ask<{ whole: boolean }>('/demo'),
  startOver: () => ask<{ whole: boolean }>('/demo/start-over', {}),
}

const AGAIN_MS = 500
const PATIENCE_MS = 120_000

/** Wipes the demo, the bot's data as well where the simulator was started together with it; whoever did it is offered the tour again. */
export function StartOver() {
  const confirm = useConfirm()
  const toast = useToast()
  const [waiting, setWaiting] = useState(false)
  const { value } = useFresh(useCallback(() => demo.extent(), []))
  const press = async () => {
    const words = value?.whole ? wholeWords : halfWords
    if (!(await confirm('重置演示', words))) return
    setWaiting(true)
    try {
      if ((await demo.startOver()).whole) await ready()
      sessionStorage.clear()
      markUnseen()
      window.location.assign('/')
    } catch (fault) {
      toast('error', `未能重置：${wordsOf(fault)}`)
      setWaiting(false)
    }
  }
  return (
    <button type="button" className="button" disabled={waiting || !value} aria-busy={waiting} onClick={press}>
      {waiting ? <span className="spinner" /> : <Restart size={16} />} {waiting ? '正在重置……' : '重置演示'}
    </button>
  )
}

const wholeWords = '模拟飞书里的全部消息和机器人的全部数据都会清空，机器人随即重新启动。此操作不能撤销。'
const halfWords =
  '只清空模拟飞书里的消息和会话。机器人不是和模拟飞书一起启动的，或者用的是自己的数据库，它的数据不会动，请在机器人那边清空。'

/** The old program first has to end, then the new one has to be there with a bot whose clock it can move. */
async function ready() {
  const until = Date.now() + PATIENCE_MS
  await new Promise(done => setTimeout(done, 2000))
  for (;;) {
    const office = await ask<{ clock: { movable: boolean } }>('/office').catch(() => undefined)
    if (office?.clock.movable) return
    if (Date.now() > until) throw new Error('机器人没有重新启动，请查看终端')
    await new Promise(done => setTimeout(done, AGAIN_MS))
  }
}
