import { useEffect } from 'preact/hooks';
import type { Status } from '../server/api.ts';
import { getJson } from './api-client.ts';
import { ComparePage } from './history/compare-page.tsx';
import { HistoryPage } from './history/history-page.tsx';
import { goTo, hashOf, type Route, useRoute } from './route.ts';
import { RunPage } from './run/run-page.tsx';
import { StartPage } from './start/start-page.tsx';
import { storeOf, useStore } from './store.ts';
import { ThemeToggle } from './theme.tsx';

const STATUS_EVERY_MS = 3_000;
/** Which run there is; undefined until the server has said so, and while it does not answer. */
const status = storeOf<Status | undefined>(undefined);

const isLive = (of: Status | undefined): boolean => of?.id != null && of.state !== 'ended' && of.state !== 'unknown';

export function App() {
  const route = useRoute();
  const known = useStore(status);
  useEffect(pollStatus, []);
  const [place = ''] = route.parts;
  useEffect(() => {
    // opened without a place: the run that goes on, else the form
    if (place === '' && known !== undefined) goTo(known.id !== null && isLive(known) ? hashOf(['runs', known.id]) : '#/start');
  }, [place, known]);
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
              text={isLive(known) ? 'Live run' : 'Last run'}
              isLive={isLive(known)}
            />
          )}
          <NavLink to="#/history" isHere={place === 'history' || place === 'compare'} text="History" />
        </nav>
        <ThemeToggle />
      </header>
      <main>
        <Page route={route} live={isLive(known) ? (known?.id ?? null) : null} />
      </main>
    </>
  );
}

function Page({ route, live }: { route: Route; live: string | null }) {
  const [place, id] = route.parts;
  if (place === 'start') return <StartPage live={live} />;
  if (place === 'runs' && id !== undefined) return <RunPage key={id} id={id} route={route} />;
  if (place === 'history') return <HistoryPage route={route} />;
  if (place === 'compare') return <ComparePage route={route} />;
  if (place === undefined) return <p class="empty">Loading …</p>;
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
  const ask = async (): Promise<void> => {
    const told = await getJson<Status>('/status').catch(() => undefined);
    if (isEnded) return;
    const last = status.get();
    if (told?.id !== last?.id || told?.state !== last?.state) status.set(told);
    timer = setTimeout(() => void ask(), STATUS_EVERY_MS) as unknown as number;
  };
  void ask();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
