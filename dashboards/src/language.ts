/** Dashboards are built in one language; a text that lacks one of them does not compile. */
export type Language = 'vi' | 'en';

export type Text = Readonly<Record<Language, string>>;
