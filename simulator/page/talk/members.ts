import { createContext, use } from 'react'

/** Open ids of the people in the chat at hand: whom its composer may mention and its cards may offer. */
export const MembersContext = createContext<string[]>([])
export const useMembers = () => use(MembersContext)
