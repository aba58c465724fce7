/** Sessions in Redis: one hash a session, which Redis throws away when its time is over, and a set of them for each person. */
import { fromRedis, type Redis } from "./redis.ts";
import type { SessionRecord, SessionRecords } from "./session-records.ts";

const keyOf = (idHash: string) => `sallyport-app:session:${idHash}`;
const setOf = (userId: number) => `sallyport-app:sessions-of:${userId}`;

/** Milliseconds that a set outlives whatever was put into it last. It may name sessions that are gone; readers look. */
const setTime = 31 * 24 * 3_600_000;

/** Changes fields of a hash that is there, and its end; one that is not there stays away. */
const change = `
  if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
  redis.call("HSET", KEYS[1], unpack(ARGV, 2))
  return redis.call("PEXPIREAT", KEYS[1], ARGV[1])`;

export function sessionRedis(redis: Redis): SessionRecords {
  const changeFields = async (idHash: string, expires: number, fields: Record<string, string>) => {
    await told(redis.eval(change, { keys: [keyOf(idHash)], arguments: [String(expires), ...Object.entries(fields).flat()] })); // prettier-ignore
  };
  const remember = async ({ userId, idHash }: SessionRecord) => {
    if (userId === null) return;
    await told(redis.multi().sAdd(setOf(userId), idHash).pExpire(setOf(userId), setTime).exec());
  };
  const find = async (idHash: string) => read(idHash, await told(redis.hGetAll(keyOf(idHash))));
  const idsOf = (userId: number) => told(redis.sMembers(setOf(userId)));
  return {
    find,
    async put(record) {
      await remember(record);
      const key = keyOf(record.idHash);
      await told(redis.multi().del(key).hSet(key, write(record)).pExpireAt(key, record.expires).exec());
    },
    async replace(record) {
      await remember(record);
      await changeFields(record.idHash, record.expires, write(record));
    },
    async touch(idHash, seen, expires) {
      await changeFields(idHash, expires, { seen: String(seen), expires: String(expires) });
    },
    async remove(idHash) {
      await told(redis.del(keyOf(idHash)));
    },
    async ofUser(userId) {
      const found: SessionRecord[] = [];
      for (const idHash of await idsOf(userId)) {
        const record = await find(idHash);
        if (record?.userId === userId) found.push(record);
        else await told(redis.sRem(setOf(userId), idHash));
      }
      return found.sort((a, b) => b.seen - a.seen || (a.idHash < b.idHash ? -1 : 1));
    },
    async removeAllOf(userId, except) {
      let count = 0;
      for (const idHash of await idsOf(userId)) {
        if (idHash === except) continue;
        count += await told(redis.del(keyOf(idHash)));
        await told(redis.sRem(setOf(userId), idHash));
      }
      return count;
    },
    sweep: () => Promise.resolve(0), // Redis does it
  };
}

async function told<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    throw fromRedis(error);
  }
}

function write({ userId, data, created, seen, expires, userAgent, address }: SessionRecord): Record<string, string> {
  const numbers = { created: String(created), seen: String(seen), expires: String(expires) };
  return { userId: userId === null ? "" : String(userId), data, userAgent, address, ...numbers };
} // prettier-ignore

function read(idHash: string, hash: Readonly<Record<string, string>>): SessionRecord | undefined {
  const { userId, data, userAgent = "", address = "", created, seen, expires } = hash;
  if (data === undefined) return undefined;
  return {
    idHash,
    userId: userId === undefined || userId === "" ? null : Number(userId),
    data,
    userAgent,
    address,
    created: Number(created),
    seen: Number(seen),
    expires: Number(expires),
  };
}
