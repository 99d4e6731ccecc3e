/** What the app of the tests is known by. */
export const KEYS = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'a-secret-for-tests',
  encryptKey: 'an-encrypt-key-for-tests',
  verificationToken: 'a-token-for-tests',
}
/** 刘芳 of the demo office. */
export const ADMIN = 'ou_a044587be302267919dcb6b71f6b7711'
/** Tuesday, 24 November 2026, 09:00 in Shanghai. */
export const MORNING = '2026-11-24T09:00:00+08:00'
