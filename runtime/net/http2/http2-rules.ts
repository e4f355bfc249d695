import type { EnvironmentPlan } from '../../core/plan.ts';

/** How an origin is spoken to in HTTP/2, by each VU. */
export type Http2Rules = NonNullable<EnvironmentPlan['http2']>;
