/** The descriptor under which a worker finds its stall cell: after stdin, stdout, stderr and the channel. */
export const WORKER_STALL_FD = 4;
/** Under which it finds what the scheduler says of it, where the system has that. */
export const WORKER_SCHED_FD = 6;
/** Under which it finds bytes that all workers of this machine read: see `SharedPlace`. */
export const WORKER_SHARED_FD = 5;
