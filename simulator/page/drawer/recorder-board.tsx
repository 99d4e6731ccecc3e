import { useState } from 'react'
import type { PlayRequest, Walk } from '../../dev-protocol.ts'
import { inPlace } from '../in-place.ts'
import { useSeat } from '../office.tsx'
import { useToast, wordsOf } from '../toast.tsx'
import { dev, useLive } from './dev.ts'
import { Waiting } from './pieces.tsx'

const LARGEST = 2_000_000

/** Records what everybody says and presses, hands it out as a file, and does it again. */
export function RecorderBoard() {
  const { value, fault, refresh } = useLive(dev.recorder)
  const { act, play } = useActs(refresh)
  const [walk, setWalk] = useState<Walk>()
  const [pace, setPace] = useState<PlayRequest['pace']>('quick')
  if (!value) return <Waiting fault={fault} />
  const { recording, steps, playing } = value
  return (
    <div className="recorder">
      <section>
        <h3>录制</h3>
        <p className="drawer-hint">从开始到停止，所有人在各个标签页里说的话、按的按钮、拨的时钟都会记下，连同间隔。</p>
        <div className="compose-row">
          <button
            type="button"
            className={recording ? 'button button-danger_filled' : 'button button-primary_filled'}
            onClick={() => act(() => dev.record(!recording))}
          >
            {recording ? '停止录制' : '开始录制'}
          </button>
          <button type="button" className="button" disabled={recording || steps === 0} onClick={() => act(download)}>
            下载录制文件
          </button>
        </div>
        <p role="status" data-testid="recorder-state">
          {recording ? `正在录制，已记 ${steps} 步` : `已录 ${steps} 步`}
        </p>
        {steps > 0 && !recording && (
          <button type="button" className="button" onClick={() => act(async () => setWalk(await dev.walk()))}>
            选用刚才的录制
          </button>
        )}
      </section>
      <section>
        <h3>重放</h3>
        <p className="drawer-hint">按人名、会话、卡片和按钮的样子找到对应之处，再做一遍；最好在重置过的演示里进行。</p>
        <label className="button attach-real">
          选择录制文件
          <input
            type="file"
            accept=".json,application/json"
            onChange={event => {
              const file = event.target.files?.[0]
              if (file) void act(async () => setWalk(await walkIn(file)))
              event.target.value = ''
            }}
          />
        </label>
        {walk && <Steps walk={walk} at={playing?.step} />}
        <div className="compose-row">
          <select
            className="field"
            aria-label="重放的快慢"
            value={pace}
            onChange={event => setPace(event.target.value === 'recorded' ? 'recorded' : 'quick')}
          >
            <option value="quick">机器人答完就接着做</option>
            <option value="recorded">按录制时的间隔</option>
          </select>
          {playing ? (
            <button type="button" className="button button-danger" onClick={() => act(dev.stopPlaying)}>
              停止重放（{playing.step} / {playing.of}）
            </button>
          ) : (
            <button
              type="button"
              className="button button-primary_filled"
              disabled={!walk || recording}
              onClick={() => walk && play(walk, pace)}
            >
              重放
            </button>
          )}
        </div>
      </section>
    </div>
  )
}

const acts: Record<Walk['steps'][number]['do'], string> = {
  say: '说',
  press: '按',
  recall: '撤回',
  react: '表情',
  enter: '进入单聊',
  group: '建群',
  seat: '机器人进出群',
  members: '增减成员',
  disband: '解散群',
  clock: '拨时钟',
}

function Steps({ walk, at }: { walk: Walk; at?: number | undefined }) {
  const { nameOf } = useSeat()
  return (
    <ol className="steps" aria-label="录制的步骤">
      {inPlace(walk.steps).map(([place, step]) => (
        <li key={place} aria-current={at === Number(place) + 1 ? 'step' : undefined}>
          {step.body.as ? nameOf(String(step.body.as)) : ''} {acts[step.do]}{' '}
          {step.part?.label ??
            step.part?.name ??
            String(step.body.text ?? '').replace(/<at id="[^"]*">([^<]*)<\/at>/g, '@$1')}
        </li>
      ))}
    </ol>
  )
}

function useActs(refresh: () => void) {
  const toast = useToast()
  const act = async (what: () => Promise<unknown>) => {
    try {
      await what()
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
    refresh()
  }
  const play = (walk: Walk, pace: PlayRequest['pace']) =>
    act(async () => {
      const { played } = await dev.play({ walk, pace })
      toast('success', `已重放 ${played} 步`)
    })
  return { act, play }
}

async function download() {
  const walk = await dev.walk()
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(walk, null, 2)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `huiyin-walk-${walk.recorded_at.slice(0, 16).replace(/\D/g, '')}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** The simulator checks it step by step; here only that it can be shown. */
async function walkIn(file: File): Promise<Walk> {
  if (file.size > LARGEST) throw new Error('文件过大，不是录制文件')
  const walk = parsed(await file.text())
  if (walk?.huiyin_walk !== 1 || !Array.isArray(walk.steps)) throw new Error(`“${file.name}”不是录制文件`)
  return walk
}

function parsed(text: string): Walk | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
