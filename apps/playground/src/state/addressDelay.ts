/** Milliseconds within which the address follows the state: browsers refuse addresses that change too often. */
export const ADDRESS_DELAY = 150;
