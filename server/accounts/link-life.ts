/** How long a link is good, and where it leads. */
const HOUR_MS = 3_600_000;
export const LINK_MS = 72 * HOUR_MS;

export const linkPath = (token: string): string => `/link/${token}`;
