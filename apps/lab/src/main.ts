/** @file The command line `softgrad`. */
export {};
