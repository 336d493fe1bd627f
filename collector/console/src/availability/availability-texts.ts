/** Texts of the report of availability. */
export const availabilityTexts = {
  availability: { vi: 'Mức sẵn sàng', en: 'Availability' },
  availabilityHint: {
    vi: 'Thời gian hoạt động trên tổng thời gian hoạt động và gián đoạn. Không tính lúc bảo trì, ngoài giờ làm việc và lúc trung tâm không quan sát được.',
    en: 'Time up, of the time up and down. Maintenance, off hours and what the collector could not see do not count.',
  },
  availabilityCsv: { vi: 'Tải bảng số liệu (CSV)', en: 'Figures (CSV)' },
  availabilityOpen: {
    vi: 'Tháng chưa kết thúc, số liệu còn thay đổi. Tính đến {time}.',
    en: 'The month is not over, figures still change. Until {time}.',
  },
  availabilityUntaken: {
    vi: 'Số liệu chưa chốt, còn có thể thay đổi.',
    en: 'The figures were not taken yet and may still change.',
  },
  availabilityTaken: {
    vi: 'Số liệu chốt lúc {time}, chưa phải điều chỉnh.',
    en: 'Taken on {time}, not changed since.',
  },
  availabilityRevised: {
    vi: 'Số liệu chốt lúc {time}; đã điều chỉnh {count} lần do có bằng chứng đến muộn, lần cuối {last}. Từng lần đều có trong nhật ký.',
    en: 'Taken on {time}; changed {count} times by late evidence, last on {last}. Each is in the audit log.',
  },
  availabilityNone: { vi: 'Tháng này chưa có số liệu', en: 'There is nothing of this month' },
  availabilityUnits: { vi: 'Theo đơn vị', en: 'By unit' },
  availabilityMachines: { vi: 'Từng máy', en: 'Machine by machine' },
  availabilityMachinesHint: {
    vi: 'Gián đoạn nhiều nhất đứng đầu. Chọn một đơn vị nhỏ hơn hoặc tải CSV để xem đủ.',
    en: 'Those down longest first. Choose a smaller unit, or the CSV, to see all.',
  },
  availabilityLinks: { vi: 'Từng đường truyền', en: 'Link by link' },
  availabilityShare: { vi: 'Sẵn sàng', en: 'Available' },
  availabilityDown: { vi: 'Gián đoạn', en: 'Down' },
  availabilityCauses: { vi: 'Nguyên nhân', en: 'Causes' },
  availabilityPlanned: { vi: 'Nghỉ theo kế hoạch', en: 'Planned' },
  availabilityInconclusive: { vi: 'Không quan sát được', en: 'Not observed' },
  availabilityAbsent: { vi: 'Chưa cài hoặc đã gỡ', en: 'Not enrolled' },
  availabilityUp: { vi: 'Hoạt động', en: 'Up' },
  availabilityBar: { vi: 'Phân bổ thời gian', en: 'How time was spent' },
  availabilityThisMonth: { vi: 'Mức sẵn sàng tháng này', en: 'Availability this month' },
  availabilityWholeReport: { vi: 'Xem báo cáo', en: 'Whole report' },
  availabilityOf: { vi: '{percent} của {count}', en: '{percent} of {count}' },
  availabilityCountMachines: { vi: '{count} máy', en: '{count} machines' },
  availabilityCountLinks: { vi: '{count} đường', en: '{count} links' },
} as const;
