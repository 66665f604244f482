import { useQuery } from '@tanstack/react-query';
import { consoleConfig, type ConsoleConfig } from '../session/console-config.js';

/** What this installation has; undefined until it is known. */
export function useConsoleConfig(): ConsoleConfig | undefined {
  return useQuery({ queryKey: ['console-config'], queryFn: consoleConfig, staleTime: Infinity }).data;
}
