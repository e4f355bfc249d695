/** Layout of the table in which the guest keeps what every VU is doing, in 32-bit words of the machine's byte order. */
export const ACTIVITY = {
  /** The magic number, which tells the table from all other memory. */
  magicWords: 4,
  /** How many rows are in use. */
  countWord: 4,
  /** Number of the turn: which VUs were woken together. */
  turnWord: 5,
  /** 1 while code of VUs may run; 0 once all that the turn woke has run dry. */
  insideWord: 6,
  headWords: 8,
  /** VU, pending, phase, iteration, scenario, turn. */
  rowWords: 6,
  /** Operations that the VU waits for; 0: its code runs, or waits for something of its own; `idle`: it has nothing to do. */
  pending: 1,
  /** As in STALL_PHASE. */
  phase: 2,
  iteration: 3,
  scenario: 4,
  /** In which the VU was last woken. */
  turn: 5,
  idle: -1,
  /** For the VU of hooks and the passes of module level. */
  spareRows: 520,
} as const;
