/** Who runs where, as taskset takes it: the server under test has a core to itself, load generator and backend share the other. */
export const serverCore = "0";
export const loadCore = "1";
export const allCores = "0,1";
