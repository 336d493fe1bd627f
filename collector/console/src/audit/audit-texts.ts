/** Texts of the page with the audit log. */
export const auditTexts = {
  auditHint: {
    vi: 'Ai đã làm gì, từ đâu, trước và sau ra sao. Chỉ ghi thêm, không sửa hay xóa được.',
    en: 'Who did what, from where, before and after. Entries are only ever added.',
  },
  auditTime: { vi: 'Thời điểm', en: 'Time' },
  auditActor: { vi: 'Ai', en: 'Who' },
  auditSource: { vi: 'Từ đâu', en: 'From' },
  auditAction: { vi: 'Việc đã làm', en: 'Action' },
  auditSubject: { vi: 'Đối tượng', en: 'Subject' },
  auditChanges: { vi: 'Thay đổi', en: 'Changes' },
  auditActorHint: { vi: 'Tên người hoặc khóa API', en: 'Name of a person or token' },
  auditAllActions: { vi: 'Mọi việc', en: 'All actions' },
  auditFrom: { vi: 'Từ ngày', en: 'From' },
  auditTo: { vi: 'Đến ngày', en: 'To' },
  auditExport: { vi: 'Tải về CSV', en: 'Download CSV' },
  auditNoneMatch: { vi: 'Không có mục nào khớp bộ lọc', en: 'No entry matches the filters' },
  auditNoneYet: { vi: 'Nhật ký chưa có mục nào', en: 'The log has no entries yet' },
  auditOlder: { vi: 'Cũ hơn', en: 'Older' },
  auditNewest: { vi: 'Mới nhất', en: 'Newest' },
  sourceCommand: { vi: 'Lệnh trên máy chủ', en: 'Command' },
  sourceConsole: { vi: 'Trang này', en: 'Console' },
  sourceLog: { vi: 'Chính nhật ký', en: 'The log itself' },
  chainIntact: {
    vi: 'Nguyên vẹn: {entries} mục, không mục nào bị sửa hay mất.',
    en: 'Intact: {entries} entries, none changed or lost.',
  },
  chainBroken: {
    vi: 'NHẬT KÝ ĐÃ BỊ SỬA HOẶC MẤT, từ mục {seq}: {detail}',
    en: 'THE LOG WAS CHANGED OR CUT, from entry {seq}: {detail}',
  },
  chainDamaged: {
    vi: 'Trước đây nhật ký đã từng bị mất mục; xem mục {numbers}.',
    en: 'Entries were lost in the past; see entry {numbers}.',
  },
  chainChecking: { vi: 'Đang kiểm tra tính nguyên vẹn…', en: 'Checking that nothing was changed…' },
  chainHead: {
    vi: 'Mã kiểm tra mục cuối, để đối chiếu về sau: {hash}',
    en: 'Check value of the last entry, to compare later: {hash}',
  },
} as const;
