import { createContext, use } from 'react'
import type { Raw, Values } from './fields.ts'
import type { Node } from './node.ts'

export interface FormAtHand {
  values: Values
  missing: string[]
  set: (name: string, raw: Raw) => void
  reset: () => void
  /** What a submit sends, or undefined after marking what is still missing. */
  collect: () => Node | undefined
}

export const FormContext = createContext<FormAtHand | undefined>(undefined)
export const useForm = () => use(FormContext)
