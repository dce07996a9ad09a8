/** Shell code of which nothing may come into a terminal. */

/** Texts that would run, act as keys, or read otherwise than they look; each with a command in it. */
export const hostileCommands: readonly string[] = [
  ...['touch ran\ntrue', 'touch ran\r\ntrue', 'touch ran\rtrue', '\rtouch ran', 'touch ran \\\n  && true'],
  ...['touch ran\u2028true', 'touch ran\u2029true', 'touch ran\u0085true', 'touch ran\vtrue', 'touch ran\ftrue'],
  ...['\u001b[201~touch ran', 'touch ran\u001b[200~', '\u009b201~touch ran', '\u001b]0;touch ran\u0007', '\u001bOM'],
  ...['touch ran\u0000', 'touch ran\u0004true', 'touch ran\u000ftrue', 'touch ran\u0003', 'touch\tran', 'a\u007fb'],
  ...['touch \u202enar', 'touch \u2066ran', 'touch\u200b ran', 'touch\ufeff ran', 'touch\u00adran', 'touch\u00a0ran'],
  ...['touch\u3000ran', 'touch\u3164ran', 'touch ran\u{e0041}', 'touch ran\ufe0f!', 'touch ran\ud800!', 'x\ue000y'],
  ...[
    '$ touch ran\n$ true',
    '> touch ran\n> true',
    'echo a\n\n\ntouch ran',
    'touch ran; echo a\u0085',
    'x\u0016\ntrue',
  ],
];
