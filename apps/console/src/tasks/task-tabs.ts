/** What can be looked at below a task; the first is open unless the address says otherwise. */
export const taskTabs = ['logs', 'result', 'input', 'events'] as const;
export type TaskTab = (typeof taskTabs)[number];
