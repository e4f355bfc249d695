/** The descriptor under which a worker finds its stall cell: after stdin, stdout, stderr and the channel. */
export const WORKER_STALL_FD = 4;
