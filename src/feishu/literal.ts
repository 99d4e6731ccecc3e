/**
 * Text from people shown literally: whatever could make markup of it (tags, emphasis, links, images, code, tables, emoji codes,
 * bare addresses, and list or heading marks at the start of a line) goes as an entity.
 */
export function literal(text: string): string {
  return text
    .replace(/[&<>*_~`[\]|\\]/g, entity)
    .replace(/:(?=\w+:|\/\/)/g, entity)
    .replace(/^([^\S\n]*)([#+=-])/gm, (_, space: string, mark: string) => space + entity(mark))
    .replace(/^([^\S\n]*\d+)([.)])/gm, (_, digits: string, mark: string) => digits + entity(mark))
}

const entity = (char: string): string => `&#${char.charCodeAt(0)};`
