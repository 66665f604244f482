import type { Fault } from '../fault.js';

/** The clocks of one role's processes, the first ahead and the second behind; then both jump to the other side. */
function clocksOff(name: string, seconds: number, title: string): Fault {
  return {
    name,
    title,
    backends: ['redis', 'postgres'],
    needs: ['libfaketime'],
    clocks: (_role, number) => (number % 2 === 1 ? seconds : -seconds),
    async inject({ stage, strike, pause }) {
      await pause(3_000);
      await strike({
        hit: () =>
          Promise.all(
            [...stage.apis, ...stage.workers].map((app, index) => app.setClock(index % 2 === 0 ? -seconds : seconds)),
          ),
      });
      await pause(5_000);
    },
  };
}

export const clockMinute = clocksOff(
  'clock-minute',
  60,
  'one api and one worker a minute ahead, the others a minute behind; then the other way round',
);

export const clockHour = clocksOff(
  'clock-hour',
  3_600,
  'one api and one worker an hour ahead, the others an hour behind; then the other way round',
);
