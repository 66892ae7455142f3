/** The eye of a password field, reachable by the keyboard and named. */
export const showPassword = { "aria-label": "Show the password", tabIndex: 0 } as const;
