/** Texts of the pages about oneself. */
export const accountTexts = {
  accountName: { vi: 'Tên', en: 'Name' },
  accountRole: { vi: 'Vai trò', en: 'Role' },
  accountSource: { vi: 'Đăng nhập bằng', en: 'Signs in with' },
  sourceLocal: { vi: 'Mật khẩu của hệ thống này', en: 'A password of this system' },
  sourceOidc: { vi: 'Tài khoản chung của tỉnh', en: "The province's directory" },
  sessionUntil: { vi: 'Phiên hết hạn', en: 'Session ends' },
  linkAccountHint: {
    vi: 'Đang dùng liên kết một lần, không gắn với ai. Hãy tạo tài khoản cho từng người ở trang Tài khoản.',
    en: 'This is a one-time link, which belongs to nobody. Make an account for each person on the page People.',
  },
  oidcAccountHint: {
    vi: 'Mật khẩu và xác thực hai lớp do hệ thống tài khoản chung quản lý.',
    en: 'Password and second factor are managed by the directory.',
  },

  changePassword: { vi: 'Đổi mật khẩu', en: 'Change password' },
  currentPassword: { vi: 'Mật khẩu hiện tại', en: 'Current password' },
  newPassword: { vi: 'Mật khẩu mới', en: 'New password' },
  newPasswordAgain: { vi: 'Nhập lại mật khẩu mới', en: 'New password again' },
  passwordHint: {
    vi: 'Ít nhất 10 ký tự; một câu dài dễ nhớ là tốt nhất.',
    en: 'At least 10 characters; a long sentence is best.',
  },
  passwordsDiffer: { vi: 'Hai lần nhập không giống nhau.', en: 'The two are not the same.' },
  passwordChanged: {
    vi: 'Đã đổi mật khẩu. Các trình duyệt khác đã bị đăng xuất.',
    en: 'The password was changed. Other browsers were signed out.',
  },
  mustChangePassword: { vi: 'Hãy đặt mật khẩu của riêng bạn', en: 'Choose a password of your own' },
  mustChangePasswordHint: {
    vi: 'Mật khẩu đang dùng do người khác tạo. Đặt mật khẩu mới để tiếp tục.',
    en: 'Someone else made the present one. Choose a new one to go on.',
  },

  totp: { vi: 'Xác thực hai lớp', en: 'Two-step sign-in' },
  totpOn: { vi: 'Đang bật', en: 'On' },
  totpOff: { vi: 'Chưa bật', en: 'Off' },
  totpHint: {
    vi: 'Khi đăng nhập, ngoài mật khẩu còn cần mã 6 số trên điện thoại. Người biết mật khẩu của bạn vẫn không vào được.',
    en: 'Signing in also asks for 6 digits from your phone. Whoever knows your password still cannot get in.',
  },
  totpStart: { vi: 'Bật xác thực hai lớp', en: 'Turn on' },
  totpStop: { vi: 'Tắt xác thực hai lớp', en: 'Turn off' },
  totpStepKey: {
    vi: '1. Mở ứng dụng xác thực trên điện thoại (Google Authenticator, Microsoft Authenticator, FreeOTP…), chọn “nhập khóa”, rồi nhập khóa này:',
    en: '1. Open an authenticator on the phone (Google Authenticator, Microsoft Authenticator, FreeOTP…), choose to enter a key, and enter this one:',
  },
  copyKey: { vi: 'Chép khóa', en: 'Copy key' },
  totpUri: { vi: 'Hoặc mở liên kết này trên chính điện thoại đó:', en: 'Or open this link on that phone:' },
  copyUri: { vi: 'Chép liên kết', en: 'Copy link' },
  totpStepCode: { vi: '2. Nhập 6 số mà ứng dụng đang hiện:', en: '2. Enter the 6 digits that it shows:' },
  totpCode: { vi: 'Mã 6 số', en: '6 digits' },
  totpTurnedOn: {
    vi: 'Đã bật. Từ nay mỗi lần đăng nhập cần mã trên điện thoại.',
    en: 'Turned on. From now on every sign-in needs the phone.',
  },
  totpTurnedOff: { vi: 'Đã tắt xác thực hai lớp.', en: 'Turned off.' },

  sessions: { vi: 'Phiên đăng nhập', en: 'Sessions' },
  signOutEverywhere: { vi: 'Đăng xuất mọi nơi', en: 'Sign out everywhere' },
  signOutEverywhereHint: {
    vi: 'Đăng xuất khỏi mọi trình duyệt, cả trình duyệt này. Dùng khi quên đăng xuất ở máy khác hoặc nghi bị lộ.',
    en: 'Signs out of every browser, this one too. For a machine where you forgot to sign out.',
  },
} as const;
