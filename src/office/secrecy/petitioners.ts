import { mobileNumbers, type Span } from './numbers.ts'

/** What a text about petitions says. */
export const PETITION = /信访|上访|来访|访民|缠访|闹访|投诉人|反映人|申诉/
const PETITIONER =
  /信访(?:人|户|群众|老户|对象)|上访|访民|来访(?:人|群众)|来信人|写信的|申诉人|投诉(?:人|者)|反映人|诉求人|缠访|闹访|求助人|(?:群众|市民|居民|村民|业主)[一-鿿]某|[一-鿿](?:某|女士|先生)[^\n]{0,4}$/
const COMPLAINS = /^[^\n]{0,8}(?:反映|投诉|申诉|上访|来信|缠访|闹访|越级|诉求|要求解决)/
const CONTACT = /(?:联系人|经办人|承办人|负责人|责任人|值班)[^\n]{0,14}$/

/** Mobile numbers next to somebody who complains (SEC-15); the contact of a notice is somebody else's. */
export const petitionersNumbers = (text: string): Span[] =>
  mobileNumbers(text).filter(({ from, to }) => {
    const before = text.slice(Math.max(0, from - 30), from)
    const after = text.slice(to, to + 16)
    const contact = CONTACT.exec(before)
    if (contact && !PETITIONER.test(contact[0])) return false
    return (PETITIONER.test(before) && (PETITION.test(text) || COMPLAINS.test(after))) || COMPLAINS.test(after)
  })
