/** Texts of the page about shared services. */
export const serviceTexts = {
  servicesHint: {
    vi: 'Đo từ máy đặt tại nhiều đơn vị. Máy đang mất đường truyền không được tính, nên dịch vụ không bị báo oan.',
    en: 'Checked from machines in many units. A machine whose own line is dead does not count against a service.',
  },
  serviceUp: { vi: 'Hoạt động', en: 'Up' },
  servicePartial: { vi: 'Ngừng một phần', en: 'Partly down' },
  serviceDown: { vi: 'Ngừng', en: 'Down' },
  serviceNoneYet: { vi: 'Chưa khai báo dịch vụ nào', en: 'No service is declared yet' },
  serviceNoneYetHint: {
    vi: 'Khai báo trong tệp cấu hình của trung tâm, mục connectivity.services.',
    en: 'Declare them in the configuration of the collector, section connectivity.services.',
  },
  serviceAddress: { vi: 'Địa chỉ kiểm tra', en: 'What is checked' },
  servicePoints: { vi: 'Điểm đo', en: 'Vantage points' },
  servicePointsGood: { vi: '{count}, đều dùng được', en: '{count}, all reach it' },
  servicePointsFailing: { vi: '{failing} trong {count} không dùng được', en: '{failing} of {count} cannot reach it' },
  servicePointsNone: { vi: 'chưa có kết quả nào', en: 'no current result' },
  serviceAnswer: { vi: 'Thời gian trả lời', en: 'Answer time' },
  serviceError: { vi: 'Lỗi hay gặp', en: 'Most frequent error' },
  serviceEverywhere: {
    vi: 'Cả tỉnh: phần lớn điểm đo không dùng được, nhiều khả năng lỗi ở phía dịch vụ.',
    en: 'The whole province: most vantage points fail, so the fault is likely with the service.',
  },
  serviceOnePoint: {
    vi: 'Chỉ có một điểm đo, nên chưa biết lỗi ở dịch vụ hay ở đường tới đó.',
    en: 'There is one vantage point only: it cannot tell the service from the way there.',
  },
  serviceOnlyUnits: {
    vi: 'Chỉ các đơn vị sau không tới được; nơi khác vẫn dùng được:',
    en: 'Only these units cannot reach it; others can:',
  },
  serviceSomePoints: {
    vi: 'Vài máy không dùng được, nhưng chưa có đơn vị nào mất hẳn.',
    en: 'Some machines cannot reach it, but no unit is cut off.',
  },
} as const;
