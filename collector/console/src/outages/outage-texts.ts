/** Texts about outages. */
export const outageTexts = {
  outages: { vi: 'Mất liên lạc', en: 'Outages' },
  outagesHint: {
    vi: 'Máy nào không có tín hiệu, từ khi nào, vì sao. Kết luận được sửa lại khi có thêm bằng chứng.',
    en: 'Which machines were not heard, since when, and why. Verdicts are revised as evidence comes in.',
  },
  outageOpen: { vi: 'Đang mất', en: 'Now' },
  outageAll: { vi: 'Tất cả', en: 'All' },
  outageFilter: { vi: 'Lọc', en: 'Filter' },
  outageNone: { vi: 'Chưa ghi nhận lần nào', en: 'None is known' },
  outageNoneOpen: { vi: 'Không có máy nào đang mất liên lạc', en: 'No machine is away' },
  outageBegan: { vi: 'Tín hiệu cuối', en: 'Heard last' },
  outageLength: { vi: 'Kéo dài', en: 'Length' },
  outageLasts: { vi: 'chưa trở lại', en: 'not back' },
  outageVerdict: { vi: 'Kết luận', en: 'Verdict' },
  outageEvidence: { vi: 'Bằng chứng', en: 'Evidence' },
  outageRevised: {
    vi: 'Sửa kết luận: {from} → {to}',
    en: 'Revised: {from} → {to}',
  },
  outageOlder: { vi: 'Cũ hơn', en: 'Older' },
} as const;
