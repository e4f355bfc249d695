/** Layout of the table in which the guest keeps what every VU is doing, in 32-bit words of the machine's byte order. */
export const ACTIVITY = {
  /** The magic number, which tells the table from all other memory. */
  magicWords: 4,
  /** How many rows are in use. */
  countWord: 4,
  /** Wakings before this turn: a VU with a higher number was woken in it. */
  turnWord: 5,
  /** 1 while code of VUs may run; 0 once all that the turn woke has run dry. */
  insideWord: 6,
  headWords: 8,
  /** VU, pending, phase, iteration, scenario, waking. */
  rowWords: 6,
  /** Operations that the VU waits for; 0: its code runs, or waits for something of its own; `idle`: it has nothing to do. */
  pending: 1,
  /** As in STALL_PHASE. */
  phase: 2,
  iteration: 3,
  scenario: 4,
  /** Number of the waking that was the VU's last; counted in 32 bits, so only differences mean something. */
  waking: 5,
  idle: -1,
  /** For the VU of hooks and the passes of module level. */
  spareRows: 520,
} as const;
