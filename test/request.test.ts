import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from '../src/kit/person.ts'
import { readRequest, type Said } from '../src/kit/request.ts'

const someone = (name: string, id = name): Person => ({ id, name, departments: [], leader: undefined, active: true })
const directory = ['李静', '王强', '张明', '张伟', '欧阳娜'].map(name => someone(name)).concat(someone('张伟', '张伟2'))
const at = (name: string): Said => ({ id: name, name })

const read = (...pieces: Said[]) => {
  const { named, text } = readRequest(pieces, directory)
  return {
    who: named.map(one =>
      one.kind === 'unknown'
        ? `?${one.name}`
        : one.kind === 'name' && one.candidates.length > 1
          ? `*${one.name}`
          : one.name,
    ),
    text,
  }
}

describe('whom a request is for', () => {
  it.each<[Said[], string[], string]>([
    [[at('李静'), ' 明天下班前把投影仪修好'], ['李静'], '明天下班前把投影仪修好'],
    [['李静 明天下班前把投影仪修好'], ['李静'], '明天下班前把投影仪修好'],
    [['李静明天下班前把投影仪修好'], ['李静'], '明天下班前把投影仪修好'],
    [['@李静 写总结'], ['李静'], '写总结'],
    [['@李静写总结'], ['李静'], '写总结'],
    [['李静、王强 写总结'], ['李静', '王强'], '写总结'],
    [['李静,王强,张明 写总结'], ['李静', '王强', '张明'], '写总结'],
    [['@李静 @王强 写总结'], ['李静', '王强'], '写总结'],
    [[at('李静'), ' ', at('王强'), ' 写总结'], ['李静', '王强'], '写总结'],
    [[at('李静'), ' 和 ', at('王强'), ' 写总结'], ['李静', '王强'], '写总结'],
    [[at('李静'), '、王强 写总结'], ['李静', '王强'], '写总结'],
    [['请 ', at('李静'), ' 写总结'], ['李静'], '写总结'],
    [['由', at('李静'), '牵头\uff0c写总结'], ['李静'], '牵头\uff0c写总结'],
    [['印材料。请', at('李静'), '送去'], ['李静'], '印材料。 送去'],
    [[at('李静'), ' 配合', at('王强'), ' 印材料'], ['李静'], '配合王强 印材料'],
    [['明天下班前\uff0c请', at('李静'), '写总结'], ['李静'], '明天下班前\uff0c 写总结'],
    [['把材料 交给', at('李静')], ['李静'], '把材料 交给'],
    [['明天下班前 ', at('李静'), ' 写总结'], ['李静'], '明天下班前 写总结'],
    [[at('李静'), ' 把材料交给 ', at('王强')], ['李静'], '把材料交给 王强'],
    [['张明主任要的材料 ', at('李静')], ['李静'], '张明主任要的材料'],
    [['明天9点 @王强 交材料'], ['王强'], '明天9点 交材料'],
    [['明天下班前把灯修好 @李静'], ['李静'], '明天下班前把灯修好'],
    [['报材料 ', '@李静、@王强 12月8日下班前'], ['李静', '王强'], '报材料 12月8日下班前'],
    [['把材料送 @李小龙 处'], [], '把材料送 @李小龙 处'],
    [['李静 把材料交给 @王强'], ['李静'], '把材料交给 @王强'],
    [['把材料交给 @王强 ', at('李静')], ['李静'], '把材料交给 @王强'],
    // as a phone writes it
    [['\uff20李静\uff0c明天写总结'], ['李静'], '明天写总结'],
    [['李静\uff0c王强\uff1b张明 写总结'], ['李静', '王强', '张明'], '写总结'],
    [[at('李静'), '\uff0c', at('王强'), '\uff0c写总结'], ['李静', '王强'], '写总结'],
    [['张伟 送材料'], ['*张伟'], '送材料'],
    [['@李小龙 送材料'], ['?李小龙'], '送材料'],
    [['欧阳娜 送材料'], ['欧阳娜'], '送材料'],
    [[at('李静'), ' ', at('李静'), ' 写总结'], ['李静'], '写总结'],
    [['把投影仪修好'], [], '把投影仪修好'],
    [[''], [], ''],
    [[at('李静')], ['李静'], ''],
    [['李静'], ['李静'], ''],
  ])('%j', (pieces, who, text) => expect(read(...pieces)).toEqual({ who, text }))

  it('never loses a word that is not a name', () => {
    const words = fc
      .array(fc.constantFrom('写', '总结', ' ', '明天', '(急)', '3份', '@', '、'), { maxLength: 12 })
      .map(all => all.join(''))
    fc.assert(
      fc.property(words, said => {
        const kept = readRequest([at('李静'), ` ${said}`], []).text
        for (const char of said.replace(/[\s@、,,]/g, ''))
          expect(
            kept +
              readRequest([at('李静'), ` ${said}`], [])
                .named.map(one => one.name)
                .join(''),
          ).toContain(char)
      }),
    )
  })
})
