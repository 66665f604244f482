import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { TaskHistory, type HistoryState } from './task-history.js';

/** A task and what has happened to it, as it goes on. */
export function useTaskHistory(id: string): { history: TaskHistory; state: HistoryState } {
  const history = useMemo(() => new TaskHistory(id), [id]);
  const state = useSyncExternalStore(history.subscribe, () => history.state);
  useEffect(() => {
    void history.start();
    return () => history.stop();
  }, [history]);
  return { history, state };
}
