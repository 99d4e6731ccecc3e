import type { Answer, Route } from './call.ts'
import type { Problem } from './problem.ts'

/** An answer and the code it holds; -1 for a file, a broken answer or none. */
export interface Done {
  response: Response
  code: number
}

export function success(answer: Answer, { msg }: Route): Done {
  if (answer instanceof Response) return codeless(answer)
  const { code = 0, ...top } = 'top' in answer ? answer.top : { data: answer.data }
  return { response: Response.json({ code, msg, ...top }), code: Number(code) }
}

export function refusal({ code, message, status, detail, headers }: Problem, log_id: string): Done {
  const error = { log_id, troubleshooter: '模拟平台没有排查页面，请凭 log_id 查看 /sim/calls', ...detail }
  return { response: Response.json({ code, msg: message, error }, { status, headers }), code }
}

export const codeless = (response: Response): Done => ({ response, code: -1 })
