/** The sockets that systemd has opened for this process, see sd_listen_fds(3). */

/** Name (FileDescriptorName) -> descriptors: several where one unit has several addresses. */
export type ActivatedSockets = ReadonlyMap<string, readonly number[]>;

type Environment = Readonly<Record<string, string | undefined>>;

const first = 3;

/** @param pid of this process: what is meant for another one is not ours */
export function activatedSockets(environment: Environment, pid: number): ActivatedSockets {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = "" } = environment;
  const sockets = new Map<string, number[]>();
  if (Number(LISTEN_PID) !== pid || !/^\d{1,4}$/.test(LISTEN_FDS ?? "")) return sockets;
  const names = LISTEN_FDNAMES === "" ? [] : LISTEN_FDNAMES.split(":");
  for (let at = 0; at < Number(LISTEN_FDS); at += 1) {
    const name = names[at] ?? "unknown";
    sockets.set(name, [...(sockets.get(name) ?? []), first + at]);
  }
  return sockets;
}
