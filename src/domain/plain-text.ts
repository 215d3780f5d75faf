/**
 * Texts that people type and a database keeps. PostgreSQL stores no NUL and no half of a character, and a name with control
 * or format signs in it could look like another one.
 */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !/[\p{Cc}\p{Cf}]/u.test(text);
