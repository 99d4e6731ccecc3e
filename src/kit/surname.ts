/** The first character of most names, as a class of a pattern. */
export const surname =
  '[王李张刘陈杨赵黄吴徐孙胡朱林何郭马罗梁宋郑谢韩唐董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪姜范姚谭廖邹熊陆郝孔崔康毛邱秦顾侯邵孟]'
