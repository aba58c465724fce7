/**
 * What systemd is told of a service with `Type=notify`, see sd_notify(3). Node has no datagram sockets of the Unix domain: systemd's own
 * program sends them, `NotifyAccess=all` lets it, and it waits until they have arrived.
 */
import { spawn } from "node:child_process";

export type ServiceManager = {
  /** @param status one line for `systemctl status` */
  readonly ready: (status: string) => Promise<void>;
  readonly reloading: () => Promise<void>;
  readonly stopping: () => Promise<void>;
};

/** @param socket of the environment's NOTIFY_SOCKET: without it nobody is told anything */
export function serviceManager(
  socket: string | undefined,
  warning: (message: string, fields: object) => void,
): ServiceManager {
  const tell = (...assignments: string[]) =>
    socket === undefined
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          const child = spawn("systemd-notify", assignments, { stdio: "ignore", timeout: 5_000 });
          // It is not told twice: a start that systemd does not hear of fails by itself.
          child.on("error", ({ message }) => {
            warning("systemd is not told", {
              reason: message,
              next: "install systemd-notify, or set Type=exec",
            });
            resolve();
          });
          child.on("close", (code) => {
            if (code !== null && code !== 0) warning("systemd is not told", { reason: `exit code ${code}` });
            resolve();
          });
        });
  return {
    ready: (status) => tell("READY=1", `STATUS=${status}`),
    reloading: () =>
      tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`, "STATUS=reloading"),
    stopping: () => tell("STOPPING=1", "STATUS=draining"),
  };
}
