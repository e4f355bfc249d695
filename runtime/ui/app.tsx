import { useEffect } from 'preact/hooks';
import type { Status } from '../views/api.ts';
import { ask } from './api-client.ts';
import { ComparePage } from './history/compare-page.tsx';
import { HistoryPage } from './history/history-page.tsx';
import { goTo, hashOf, type Route, useRoute } from './route.ts';
import { RunPage } from './run/run-page.tsx';
import { isBusy, isSameStatus, landingOf, liveIdOf } from './run-status.ts';
import { StartPage } from './start/start-page.tsx';
import { storeOf, useStore } from './store.ts';
import { ThemeToggle } from './theme.tsx';

const STATUS_EVERY_MS = 3_000;
/** A run is planned in a second or so, and somebody waits for it. */
const PLANNING_EVERY_MS = 300;
/** Which run there is; undefined until the server has said so, and while it does not answer. */
const status = storeOf<Status | undefined>(undefined);

export function App() {
  const route = useRoute();
  const known = useStore(status);
  useEffect(pollStatus, []);
  const [place = ''] = route.parts;
  const landing = landingOf(known);
  const live = liveIdOf(known);
  useEffect(() => {
    if (place === '' && landing !== undefined) goTo(landing);
  }, [place, landing]);
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">
          stressrun
        </a>
        <nav aria-label="Pages">
          <NavLink to="#/start" isHere={place === 'start'} text="Start" />
          {known?.id != null && (
            <NavLink
              to={hashOf(['runs', known.id])}
              isHere={place === 'runs' && route.parts[1] === known.id}
              text={live === null ? 'Last run' : 'Live run'}
              isLive={live !== null}
            />
          )}
          <NavLink to="#/history" isHere={place === 'history' || place === 'compare'} text="History" />
        </nav>
        <ThemeToggle />
      </header>
      <main>
        <Page route={route} status={known} />
      </main>
    </>
  );
}

function Page({ route, status: known }: { route: Route; status: Status | undefined }) {
  const [place, id] = route.parts;
  if (place === 'start') return <StartPage live={liveIdOf(known)} isBusy={isBusy(known)} />;
  if (place === 'runs' && id !== undefined) return <RunPage key={id} id={id} route={route} />;
  if (place === 'history') return <HistoryPage route={route} />;
  if (place === 'compare') return <ComparePage route={route} />;
  if (place === undefined) return <p class="empty">{known?.isPlanning === true ? 'A run is being planned …' : 'Loading …'}</p>;
  return (
    <>
      <h1>No such page</h1>
      <p>
        <a href="#/start">Start a run</a> · <a href="#/history">All runs</a>
      </p>
    </>
  );
}

function NavLink({ to, isHere, text, isLive }: { to: string; isHere: boolean; text: string; isLive?: boolean }) {
  return (
    <a href={to} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {isLive === true && (
        <span class="live-dot" aria-hidden="true">
          ●{' '}
        </span>
      )}
      {text}
    </a>
  );
}

/** Several browsers may watch: what one starts the others see. @returns a function that ends it */
function pollStatus(): () => void {
  let isEnded = false;
  let timer: number | undefined;
  const poll = async (): Promise<void> => {
    const told = await ask('get /status', {}).catch(() => undefined);
    if (isEnded) return;
    if (!isSameStatus(told, status.get())) status.set(told);
    timer = setTimeout(() => void poll(), told?.isPlanning === true ? PLANNING_EVERY_MS : STATUS_EVERY_MS) as unknown as number;
  };
  void poll();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
