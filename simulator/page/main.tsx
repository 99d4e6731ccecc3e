// For tests, data-testid: who, person (data-open-id), me, clock, chat-row (data-chat-id), conversation, message (data-message-id),
// card (data-message-id, data-busy), composer, mention-picker, toast (data-type), thread, offline. Buttons and fields have their text, label
// or placeholder as accessible name, and fields of a card carry the name attribute of their component.
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './base.css'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
