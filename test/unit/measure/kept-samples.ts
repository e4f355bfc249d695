import type { KeptRequest } from '../../../runtime/core/records.ts';

/** A kept request of 25 ms, slow and expected, unless told otherwise. */
export function keptOf(changes: Partial<KeptRequest> = {}): KeptRequest {
  return {
    why: 'slow',
    scenario: 'default',
    task: 'predict',
    phase: '',
    name: '/predict',
    method: 'POST',
    url: '/predict?return_image=false',
    status: 200,
    errorCode: 0,
    kind: '',
    error: '',
    atMs: 1_700_000_000_000,
    responseTimeUs: 25_000,
    phasesUs: { blocked: 10, connecting: 0, tls: 0, sending: 1000, waiting: 20_000, receiving: 3000 },
    serverTimings: [],
    requestId: '',
    picture: '',
    inFlight: 1,
    vu: 0,
    iteration: 0,
    ...changes,
  };
}

/** One that failed with this status. */
export function failedOf(status: number, changes: Partial<KeptRequest> = {}): KeptRequest {
  return keptOf({ why: 'failed', kind: 'status', status, errorCode: 1000 + status, ...changes });
}
