import { lookup } from 'node:dns/promises';
import type { LoadedConfig } from '../config/load-config.ts';
import { addressesOf, allowHostsGuard, guardedEnvironments, hostsToResolve, productionGuard } from '../config/production-guard.ts';
import { HostTable } from '../core/host-table.ts';
import type { EnvironmentPlan } from '../core/plan.ts';
import { targetOf } from '../net/target.ts';
import type { RunSurroundings } from './output.ts';

/** Asks the production guard, with what the names of all environments resolve to now. @throws {ConfigError} when load may not go there */
export async function guardProduction(
  config: LoadedConfig,
  environment: EnvironmentPlan,
  { allowProduction, variables }: { allowProduction: readonly string[]; variables: RunSurroundings['variables'] },
): Promise<void> {
  const environments = guardedEnvironments(config, variables);
  const url = environment.baseUrl;
  const addresses = new Map<string, readonly string[]>();
  const [target, hosts] = [targetOf(url), new HostTable(environment.hosts)];
  await Promise.all(
    hostsToResolve(environments, url).map(async (host) => {
      const found = await lookup(host, { all: true }).catch(() => []);
      // what the name stands for in the rest of the world counts as well: an alias of production is production
      const own = host === target?.hostname ? hosts.placesOf(host, target.port) : [];
      addresses.set(
        host,
        [...own, ...found].map(({ address }) => address),
      );
    }),
  );
  const guarded = { environments, addresses, allowProduction };
  // the embedded target is our own child, wherever a production environment may be
  const refusal =
    (environment.target === 'embedded' ? undefined : productionGuard({ ...guarded, url, socketPath: environment.socketPath })) ??
    allowHostsGuard({ ...guarded, allowHosts: environment.allowHosts, hostAddresses: addressesOf(environment.hosts) });
  if (refusal !== undefined) throw refusal;
}
