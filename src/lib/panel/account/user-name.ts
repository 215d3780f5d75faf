/** The rule of user names, said while a form is filled in; the server decides by the same (server/accounts/body.ts). */
const USER_NAME = /^(?=.*[a-z0-9])[a-z0-9._-]{2,32}$/u;

/** Capitals and spaces around it are no mistake: the server makes them small and leaves them out. */
export const isUserName = (text: string): boolean => USER_NAME.test(text.trim().toLowerCase());
