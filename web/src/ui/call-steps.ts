/** The steps of a call in their order: word, and colour token. */
export const callStepLooks = [
  ["DNS", "t1"],
  ["Connect", "t2"],
  ["TLS", "t3"],
  ["First byte", "t4"],
  ["Rest", "t5"],
] as const;
