const from1900Seconds = 2_208_988_800;

/** A good answer to an NTP `request`, of a server whose clock is `aheadMs` ahead. */
export function ntpAnswer(request: Buffer, aheadMs = 0): Buffer {
  const answer = Buffer.alloc(48);
  // Version 4, mode 4: server; of the second stratum.
  answer[0] = 0x24;
  answer[1] = 2;
  request.copy(answer, 24, 40, 48);
  for (const offset of [32, 40]) {
    const seconds = (Date.now() + aheadMs) / 1_000 + from1900Seconds;
    answer.writeUInt32BE(Math.floor(seconds) % 2 ** 32, offset);
    answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), offset + 4);
  }
  return answer;
}
