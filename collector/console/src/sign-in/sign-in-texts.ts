/** Texts of the page for signing in. */
export const signInTexts = {
  signIn: { vi: 'Đăng nhập', en: 'Sign in' },
  signingIn: { vi: 'Đang đăng nhập…', en: 'Signing in…' },
  signInHint: {
    vi: 'Dùng khi chưa có tài khoản: dán mã, hoặc cả liên kết, được in ra khi khởi động hệ thống trên máy chủ. Mỗi mã dùng một lần, trong 15 phút, ngay trên máy chủ đó.',
    en: 'Without an account yet: paste the code, or the whole link, that was printed when the collector was started. It works once, for 15 minutes, on that machine.',
  },
  signInName: { vi: 'Tên đăng nhập', en: 'Name' },
  signInPassword: { vi: 'Mật khẩu', en: 'Password' },
  signInTotp: { vi: 'Mã xác thực 6 số', en: '6-digit authenticator code' },
  signInTotpNeeded: {
    vi: 'Nhập thêm mã 6 số đang hiện trong ứng dụng xác thực trên điện thoại.',
    en: 'Also enter the 6 digits that the authenticator program shows now.',
  },
  signInWrong: {
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
    en: 'The name or the password is wrong.',
  },
  signInWrongTotp: {
    vi: 'Mật khẩu hoặc mã xác thực không đúng. Mỗi mã chỉ dùng một lần: hãy chờ mã mới.',
    en: 'The password or the authenticator code is wrong. A code works once: wait for the next.',
  },
  signInLocked: {
    vi: 'Sai quá nhiều lần. Hãy thử lại sau {seconds} giây.',
    en: 'Too many attempts. Try again in {seconds} seconds.',
  },
  signInIncomplete: {
    vi: 'Hãy nhập tên đăng nhập và mật khẩu, hoặc mã đăng nhập một lần.',
    en: 'Enter name and password, or a one-time code.',
  },
  signInFailed: {
    vi: 'Trung tâm gặp lỗi khi đăng nhập. Hãy thử lại, hoặc xem nhật ký của trung tâm.',
    en: 'The collector failed to sign you in. Try again, or see its log.',
  },
  signInByCode: { vi: 'Đăng nhập bằng mã một lần', en: 'Sign in with a one-time code' },
  signInOidc: { vi: 'Đăng nhập bằng {label}', en: 'Sign in with {label}' },
  oidcUnreachable: {
    vi: 'Hệ thống tài khoản chung không trả lời. Vẫn có thể đăng nhập bằng tên và mật khẩu.',
    en: 'The directory does not answer. Name and password go on working.',
  },
  oidcFailed: {
    vi: 'Đăng nhập chưa hoàn tất: quá lâu, hoặc bắt đầu ở cửa sổ khác. Hãy thử lại.',
    en: 'The sign-in was not completed: it took too long or was started in another window. Try again.',
  },
  oidcDenied: { vi: 'Việc đăng nhập đã bị hủy.', en: 'The sign-in was cancelled.' },
  oidcNoRole: {
    vi: 'Tài khoản này chưa có vai trò ở đây. Hãy hỏi người quản lý nhóm tài khoản.',
    en: "This account has no role here. Ask whoever manages the directory's groups.",
  },
  oidcNoUnit: {
    vi: 'Tài khoản này chưa gắn với đơn vị nào ở đây. Hãy hỏi người quản lý nhóm tài khoản.',
    en: "This account belongs to no unit that is known here. Ask whoever manages the directory's groups.",
  },
  oidcDisabled: { vi: 'Tài khoản này đã bị khóa ở đây.', en: 'This account is disabled here.' },
  oidcBusy: {
    vi: 'Quá nhiều lần đăng nhập cùng lúc. Hãy thử lại sau nửa phút.',
    en: 'Too many attempts. Try again in half a minute.',
  },
  signInCode: { vi: 'Mã đăng nhập một lần', en: 'One-time code' },
  signInRefused: {
    vi: 'Mã sai, đã dùng hoặc đã hết hạn. Hãy tạo mã mới.',
    en: 'The code is wrong, used or expired. Make a new one.',
  },
  signInNoCode: { vi: 'Đây không phải là mã đăng nhập.', en: 'This is not a sign-in code.' },
} as const;
