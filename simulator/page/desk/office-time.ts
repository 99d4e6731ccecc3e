import { createContext, use } from 'react'

/** How far the bot's clock, which also dates the messages, was moved from real time. */
export const OffsetContext = createContext(0)
export const useOfficeNow = () => Date.now() + use(OffsetContext)
