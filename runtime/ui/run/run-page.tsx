import { useEffect, useState } from 'preact/hooks';
import type { RunView } from '../../views/api.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { hashOf, type Route, replaceHash } from '../route.ts';
import { useStore } from '../store.ts';
import { LogList } from './log-list.tsx';
import { ReportPanel } from './report-panel.tsx';
import { RequestsPanel } from './requests-panel.tsx';
import { RunCharts } from './run-charts.tsx';
import { RunFeed } from './run-feed.ts';
import { stateOf } from './run-figures.ts';
import { RunHead } from './run-head.tsx';
import { SectionList } from './section-list.tsx';
import { sectionsOfTab } from './shown-view.ts';
import { ThresholdTiles } from './threshold-tiles.tsx';
import { WorkerTable } from './worker-table.tsx';

/** One run: as it goes, and afterwards. */
export function RunPage({ id, route }: { id: string; route: Route }) {
  const [feed, setFeed] = useState<RunFeed | null>(null);
  useEffect(() => {
    const opened = new RunFeed(id);
    setFeed(opened);
    return () => opened.close();
  }, [id]);
  return feed === null ? <Loading what="the run" /> : <FedPage feed={feed} route={route} />;
}

function FedPage({ feed, route }: { feed: RunFeed; route: Route }) {
  const { view, problem, connection, detail } = useStore(feed.state);
  if (view === null) {
    if (problem === undefined) return <Loading what="the run" />;
    return (
      <>
        <h1>Run</h1>
        <Problem problem={problem} onRetry={() => feed.reload()} />
        <p>
          <a href="#/history">All runs</a> · <a href="#/start">Start one</a>
        </p>
      </>
    );
  }
  const isOver = view.state === 'ended' || view.state === 'unknown';
  return (
    <>
      <RunHead view={view} connection={connection} detail={detail} onBaseline={() => feed.reload()} />
      {problem !== undefined && <Problem problem={problem} onRetry={() => feed.reload()} />}
      <ThresholdTiles view={view} />
      <RunTabs view={view} route={route} isOver={isOver} />
    </>
  );
}

function RunTabs({ view, route, isOver }: { view: RunView; route: Route; isOver: boolean }) {
  const state = stateOf(view);
  const chosen = route.query.get('tab');
  const [seenLines, setSeenLines] = useState(view.logs.length);
  const newest = view.logs.length;
  const tabs: Tab[] = [
    { id: 'charts', label: 'Charts' },
    { id: 'requests', label: 'Requests' },
    { id: 'failures', label: 'Failures', count: state.errors.reduce((sum, error) => sum + error.count, 0) },
    { id: 'checks', label: 'Checks', count: state.checks.filter((check) => check.fails > 0).length },
    { id: 'metrics', label: 'Metrics' },
    { id: 'logs', label: 'Logs', hasNews: chosen !== 'logs' && newest > seenLines },
    { id: 'workers', label: 'Generator' },
    ...(view.result === null ? [] : [{ id: 'setting', label: 'Setting' }]),
    ...(isOver ? [{ id: 'report', label: 'Report and files' }] : []),
  ];
  const selected = tabs.find(({ id }) => id === chosen)?.id ?? 'charts';
  useEffect(() => {
    if (selected === 'logs') setSeenLines(newest);
  }, [selected, newest]);
  return (
    <Tabs label="Views of the run" tabs={tabs} selected={selected} onSelect={(tab) => replaceHash(hashOf(route.parts, { tab }))}>
      {selected === 'charts' && <RunCharts view={view} />}
      {selected === 'requests' && <RequestsPanel view={view} isOver={isOver} />}
      {(selected === 'failures' || selected === 'checks' || selected === 'metrics' || selected === 'setting') && (
        <SectionTab view={view} tab={selected} />
      )}
      {selected === 'logs' && <LogList logs={view.logs} />}
      {selected === 'workers' && (
        <>
          <SectionList sections={sectionsOfTab(view, 'workers')} />
          {!isOver && <WorkerTable workers={state.workers} />}
        </>
      )}
      {selected === 'report' && <ReportPanel view={view} />}
    </Tabs>
  );
}

const NOTHING = {
  failures: 'No request has failed.',
  checks: 'The script has checked nothing yet. A check says what a good answer is: check(res, { … }).',
  metrics: 'Metrics are summed up when the run is over; thresholds on them are judged meanwhile.',
  setting: 'Nothing is known of how it was run.',
} as const;

/** A tab that is made of sections alone. */
function SectionTab({ view, tab }: { view: RunView; tab: keyof typeof NOTHING }) {
  const sections = sectionsOfTab(view, tab);
  return sections.length === 0 ? <p class="empty">{NOTHING[tab]}</p> : <SectionList sections={sections} />;
}
