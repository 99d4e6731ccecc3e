/** Each traditional character and its simplified form, pairs apart by `|`. */
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string
  export default pairs
}
