import type { AgentWish } from '../agents/cluster.ts';
import { given, type TypedValues, textOf } from './typed-values.ts';

/** Which agents a run wants; undefined: none, its workers are processes of its own. */
export function agentWishOf(values: TypedValues): AgentWish | undefined {
  const wish = given({ count: textOf(values, 'agents'), url: textOf(values, 'nats'), token: textOf(values, 'token') });
  return wish.count === undefined && wish.url === undefined ? undefined : wish;
}
