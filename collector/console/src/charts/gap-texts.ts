/** Texts about data that an agent had to give up. */
export const gapTexts = {
  gapCounted: { vi: 'Mất {count} {what} vì {reason}', en: '{count} {what} lost: {reason}' },
  gapThinned: { vi: 'Tỉa bớt {count} {what} vì {reason}', en: '{count} {what} thinned out: {reason}' },
  gapUncounted: { vi: 'Mất một số {what}, không đếm được, vì {reason}', en: 'Uncounted {what} lost: {reason}' },
  gapReadings: { vi: 'điểm đo', en: 'readings' },
  gapEvents: { vi: 'sự kiện', en: 'events' },
  gapFull: { vi: 'hàng đợi đầy', en: 'the queue was full' },
  gapExpired: { vi: 'quá hạn lưu mà chưa gửi được', en: 'they could not be sent for too long' },
  gapDamaged: { vi: 'tệp hàng đợi bị hỏng', en: "the queue's file was damaged" },
  gapInterrupted: {
    vi: 'tác tử dừng khi chưa kịp ghi xuống đĩa',
    en: 'the agent ended before they were on its disk',
  },
  gapMemoryOverflow: {
    vi: 'không ghi được xuống đĩa và bộ nhớ tạm đã đầy',
    en: 'the disk took nothing and the memory for them was full',
  },
  gapUnsendable: { vi: 'quá lớn, không gửi được', en: 'they were too large to be sent' },
  gapOther: { vi: 'lý do khác', en: 'for another reason' },
} as const;

/** Why, by the tag `reason` of `spool_gap`; `other` is what a newer agent may tell. */
export const gapReasonTexts = {
  thinned: 'gapFull',
  overflow: 'gapFull',
  expired: 'gapExpired',
  damaged: 'gapDamaged',
  interrupted: 'gapInterrupted',
  memory_overflow: 'gapMemoryOverflow',
  unsendable: 'gapUnsendable',
  other: 'gapOther',
} as const satisfies Readonly<Record<string, keyof typeof gapTexts>>;
export type GapReason = keyof typeof gapReasonTexts;
