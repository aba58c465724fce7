/**
 * Milliseconds of work that this thread has done: for tests that something takes no more work than it should. A clock on
 * the wall would also count what others do on the same machine.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
