/** Texts of the page about the collector itself. */
export const collectorTexts = {
  collector: { vi: 'Trung tâm', en: 'Collector' },
  collectorHint: {
    vi: 'Trung tâm thu thập tự theo dõi mình. Khi có trục trặc, máy ở các đơn vị vẫn giữ số liệu và gửi lại sau.',
    en: 'The collector watches itself. When it is in trouble, the machines keep their data and send it later.',
  },
  collectorReady: { vi: 'Hoạt động tốt', en: 'Works as it should' },
  collectorNotReady: { vi: 'Không làm được việc', en: 'Cannot do its work' },
  collectorWarned: { vi: 'Hoạt động, cần chú ý', en: 'Works, needs attention' },
  collectorNoProblem: { vi: 'Không có trục trặc nào', en: 'Nothing is wrong' },
  collectorProblems: { vi: 'Trục trặc', en: 'What is wrong' },
  collectorState: { vi: 'Trạng thái', en: 'State' },
  collectorVersion: { vi: 'Phiên bản', en: 'Version' },
  collectorRunning: { vi: 'Khởi động', en: 'Started' },
  collectorStore: { vi: 'Kho số liệu', en: 'Store' },
  collectorMeasured: { vi: 'Đo lúc', en: 'Measured' },
  collectorLoad: { vi: 'Tải', en: 'Load' },
  collectorWriting: { vi: 'Ghi số liệu', en: 'Writing' },
  collectorSince: { vi: 'Từ lúc khởi động', en: 'Since the start' },
  troubleDisk: { vi: 'Ổ đĩa dữ liệu', en: 'Data disk' },
  troubleLoop: { vi: 'Bộ xử lý', en: 'Processor' },
  troubleMemory: { vi: 'Bộ nhớ', en: 'Memory' },
  troubleCertificate: { vi: 'Chứng chỉ', en: 'Certificate' },
  problemStore: { vi: 'Kho không nhận số liệu', en: 'The store takes no data' },
  problemStoreAction: {
    vi: 'Kiểm tra máy chủ của kho có chạy không, ổ đĩa còn chỗ không.',
    en: 'See that its server runs, or that its disk has room.',
  },
  problemDiskFull: { vi: 'Ổ đĩa dữ liệu đã đầy: còn {free}', en: 'The data disk is full: {free} free' },
  problemDiskLow: { vi: 'Ổ đĩa dữ liệu sắp đầy: còn {free}', en: 'The data disk fills up: {free} free' },
  problemDiskAction: {
    vi: 'Dọn bớt, mở rộng ổ đĩa, hoặc giữ số đo ít ngày hơn (store.raw_days).',
    en: 'Free some room, enlarge it, or keep readings for fewer days (store.raw_days).',
  },
  problemLoop: {
    vi: 'Trung tâm bị kẹt tới {longest} trong phút vừa qua',
    en: 'It was stuck for up to {longest} within the last minute',
  },
  problemLoopAction: {
    vi: 'Dành riêng bộ xử lý cho nó; xem còn chương trình nào khác đang chạy, ổ đĩa có treo không.',
    en: 'Give it a processor of its own; look for what else runs there, and for a disk that hangs.',
  },
  problemIngest: { vi: 'Số đo phải chờ ghi {lag}', en: 'Readings wait {lag} for the store' },
  problemIngestAction: {
    vi: 'Xem ổ đĩa và máy chủ của kho có quá tải không.',
    en: "Look at the store's disk and server.",
  },
  problemMemory: { vi: 'Đã dùng {used} bộ nhớ được phép', en: 'It uses {used} of the memory that it may use' },
  problemMemoryAction: {
    vi: 'Tăng NODE_OPTIONS=--max-old-space-size rồi khởi động lại.',
    en: 'Raise NODE_OPTIONS=--max-old-space-size and restart it.',
  },
  problemCertificateEnds: {
    vi: 'Chứng chỉ {name} còn {days} ngày là hết hạn',
    en: 'The certificate {name} ends in {days} days',
  },
  problemCertificateEnded: { vi: 'Chứng chỉ {name} đã hết hạn', en: 'The certificate {name} has ended' },
  problemCertificateAction: {
    vi: 'Thay tệp chứng chỉ của trang điều khiển; với cổng của tác tử, xem nhật ký và lệnh "vonggac trust".',
    en: 'Replace the files of the console; for the agents’ port, see the log and "vonggac trust".',
  },
} as const;
