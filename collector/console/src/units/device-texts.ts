/** Texts about the devices on a unit's LAN. */
export const deviceTexts = {
  devices: { vi: 'Thiết bị trong mạng LAN', en: 'Devices on the LAN' },
  deviceNone: {
    vi: 'Chưa có cổng LAN nào của đơn vị này báo về thiết bị trong mạng.',
    en: 'No gateway of this unit has told of any device yet.',
  },
  deviceCounts: {
    vi: '{present} đang có mặt trong {devices} từng thấy · {agents} đã cài tác tử',
    en: '{present} present of {devices} ever seen · {agents} with an agent',
  },
  deviceWithout: {
    vi: '{count} thiết bị đang có mặt có thể là máy tính mà chưa cài tác tử.',
    en: '{count} that are present may be computers without an agent.',
  },
  deviceDeclared: { vi: 'Đơn vị khai báo {count} máy.', en: 'The unit declares {count} machines.' },
  device: { vi: 'Thiết bị', en: 'Device' },
  deviceClass: { vi: 'Loại, phỏng đoán', en: 'Kind, guessed' },
  deviceAddress: { vi: 'Địa chỉ', en: 'Address' },
  deviceFirstSeen: { vi: 'Thấy lần đầu', en: 'First seen' },
  deviceLastSeen: { vi: 'Thấy lần cuối', en: 'Last seen' },
  deviceAgent: { vi: 'Tác tử', en: 'Agent' },
  devicePresent: { vi: 'đang có mặt', en: 'present' },
  deviceNew: { vi: 'mới', en: 'new' },
  deviceNoVendor: { vi: 'Không rõ hãng', en: 'Maker not known' },
  deviceNoAgent: { vi: 'chưa cài', en: 'none' },
  deviceSearch: { vi: 'Tìm theo hãng, địa chỉ, MAC', en: 'Search by maker, address or MAC' },
  deviceMore: { vi: 'Hiện thêm {count} thiết bị', en: 'Show {count} more' },
  deviceNoneMatch: { vi: 'Không có thiết bị nào khớp', en: 'No device matches' },
} as const;
