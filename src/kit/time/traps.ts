/** Things that are counted: a number before one of these is no minute and no day of the month. */
export const measure =
  '(?:号|楼|层|人|个|名|位|份|室|栋|幢|元|天|页|件|台|辆|月|日|年|小时|分钟|点|万|亿|次|项|条|桌|间|米|公里|余|多|家|岁|期|届|级|厅|座|排|组|班|科|处|股|队|局|场|套|本|张|类|周|%|章|节|款|支|箱|吨|公斤|度|分|号楼|种|批|户|所|部|员)'

/** What stands before a number that is a version, a reference, an amount or a share. */
export const beforeNumbers =
  /(?:版本?号?|升级到?|更新到|[vV]|编号|单号|订单号?|[号码]|[号码]:|电话|分机|ID|[¥￥$]|金额|[价约共占达超近比第率]|完成了?|得分|评分|增长|下降|温度|比例|[A-Za-z] ?)$/

/** What follows a number of that sort. */
export const afterNumbers =
  / ?(?:万|亿|元|%|版|米|公里|千米|小时|天|折|倍|吨|公斤|千克|度|分|点|个|人|号|系统|以上|以下|左右|平方|寸|英寸|级|G|M|K|k|kg|T|v)/y

/** What follows a date and nothing else. */
export const dateFollower =
  / ?(?:前|之前|以前|截止|上午|下午|中午|晚|早|凌晨|\d{1,2} ?[:点时]|-|到|至|\(|日|号|周|星期|开始|起)/y
