// data-testid: who person(data-open-id) me clock(data-now) chat-row(data-chat-id) conversation message(data-message-id, data-sender)
// card(data-message-id, data-busy) composer thread-composer mention-picker thread toast(data-type) offline specimen(data-id) callback verdict(data-code)
// fault-badge drawer push push-detail call call-detail gauge gap fault(data-name) event-outcome recorder-state tour tour-offer. Buttons and fields have their
// text, label or placeholder as accessible name; a field of a card has its component's name as attribute `name`.
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './base.css'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
