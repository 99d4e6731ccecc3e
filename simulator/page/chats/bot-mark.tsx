export function BotMark() {
  return <span className="bot-mark">机器人</span>
}
