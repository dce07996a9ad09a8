/** Starts a clock of CPU time, ms, of all threads of this process: what else the machine does is no part of it. */
export function cpuClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
