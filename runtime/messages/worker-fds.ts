/** The descriptor under which a worker finds its stall cell: after stdin, stdout, stderr and the channel. */
export const WORKER_STALL_FD = 4;
/** Under which it finds what the scheduler says of it, where the system has that. */
export const WORKER_SCHED_FD = 5;
