import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from 'react'

interface Question {
  title: string
  text: string
  answer: (yes: boolean) => void
}

const Ask = createContext<(title: string, text: string) => Promise<boolean>>(async () => false)
export const useConfirm = () => use(Ask)

export function Confirms({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question>()
  const ask = useCallback(
    (title: string, text: string) => new Promise<boolean>(answer => setQuestion({ title, text, answer })),
    [],
  )
  const settle = (yes: boolean) => {
    question?.answer(yes)
    setQuestion(undefined)
  }
  return (
    <Ask value={ask}>
      {children}
      {question && <Dialog question={question} settle={settle} />}
    </Ask>
  )
}

function Dialog({ question, settle }: { question: Question; settle: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog" onCancel={() => settle(false)} aria-label={question.title || question.text}>
      {question.title && <h2>{question.title}</h2>}
      {question.text && <p>{question.text}</p>}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => settle(false)}>
          取消
        </button>
        <button type="button" className="button button-primary_filled" onClick={() => settle(true)}>
          确定
        </button>
      </div>
    </dialog>
  )
}
