/** The API's users: register, and one's own record. */
import { data, done } from "../../api/answer-schemas.ts";
import { ApiProblem } from "../../api/api-problem.ts";
import { operation, type Operation } from "../../api/operation.ts";
import { randomId } from "../../auth/token/tokens.ts";
import { succeeded } from "../../auth/limits.ts";
import { passwordProblem } from "../../auth/password/password-rules.ts";
import type { Passwords } from "../../auth/password/passwords.ts";
import { foldKey, Taken, type Store } from "../../store/index.ts";
import { isNameTaken, removePerson } from "../people.ts";
import { preparedUsername, usernameProblem } from "../username.ts";
import { registration, user, userChange, whichUser, whichUserOrMyself } from "./user-schemas.ts";
import type { User, Users } from "./users.ts";

export type UserOperationsOptions = {
  readonly store: Store;
  readonly users: Users;
  readonly passwords: Passwords;
};

const noRecord = "no record found";

export function userOperations({ store, users, passwords }: UserOperationsOptions): readonly Operation[] {
  /** The caller's record, when it is the one that was asked for: nobody else's can be told from one that is not there. */
  const own = async (caller: number, { email, id }: { readonly email?: string; readonly id?: string }) => {
    const found = await users.byId(caller);
    if (!found || (id !== undefined && id !== String(found.id))) return undefined;
    if (email !== undefined && (found.email === null || foldKey(email) !== foldKey(found.email)))
      return undefined;
    return found;
  };
  /** A name by which nobody can be taken for somebody else (people.ts). */
  const fitName = async (wanted: string, field: string, own?: string): Promise<string> => {
    const name = preparedUsername(wanted);
    const message = usernameProblem(name);
    if (message !== undefined) throw invalid(field, message);
    const isOwn = own !== undefined && foldKey(own) === foldKey(name);
    if (!isOwn && (await isNameTaken(store, name))) {
      throw new ApiProblem("name-taken", "Somebody is called so already. Please use a different name.");
    }
    return name;
  };
  /** For who gives none: the first part of the address, or where that will not do, one that means nothing. */
  const freeName = async (email: string): Promise<string> => {
    const name = preparedUsername(email.slice(0, email.lastIndexOf("@")));
    const isFree = usernameProblem(name) === undefined && !(await isNameTaken(store, name));
    return isFree
      ? name
      : `newcomer ${randomId()
          .replace(/[^a-z0-9]/gi, "")
          .slice(0, 8)}`;
  };
  return [
    operation({
      id: "register",
      method: "post",
      path: "/register",
      aliases: ["/register"],
      summary: "Makes an account that an e-mail address and a password open",
      access: "anybody",
      limit: "register",
      body: registration,
      result: done,
      problems: ["email-taken", "name-taken"],
      async answer({ body: { email, password, name: wanted } }) {
        const name = wanted === undefined ? await freeName(email) : await fitName(wanted, "name");
        await refuseWeak(password, [email, name], "password");
        await claimed(users.add({ name, email, hash: await passwords.hash(password) }));
        return { ok: true, message: "User created successfully!" };
      },
    }),
    operation({
      id: "readUser",
      method: "get",
      path: "/user",
      aliases: ["/user"],
      summary: "Your own record; data is null when you ask for anybody else's",
      access: "user",
      query: whichUserOrMyself,
      result: data({ anyOf: [user, { type: "null" }] }),
      async answer({ caller, query }) {
        const found = await own(caller.user, query);
        return { ok: true, data: found ? shown(found) : null };
      },
    }),
    operation({
      id: "changeUser",
      method: "patch",
      path: "/user",
      aliases: ["/user"],
      summary: "Changes your own record; with a new password, all your tokens end",
      access: "user",
      limit: "confirm",
      tersely: true,
      body: userChange,
      result: done,
      problems: ["record-missing", "email-taken", "name-taken", "opened-otherwise", "current-password-wrong"],
      async answer({ caller, body: { query, payload }, request }) {
        const { email, password, current_password } = payload;
        const needsProof = email !== undefined || password !== undefined;
        if (!needsProof) succeeded(request); // wrong passwords are counted, and nothing else
        const found = await own(caller.user, query);
        if (!found) throw new ApiProblem("record-missing", noRecord);
        if (found.hash === null || found.email === null) {
          const message = "The name of this account comes from its certificate or its username, and stays.";
          throw new ApiProblem("opened-otherwise", message);
        }
        if (needsProof) {
          const given = current_password ?? "";
          if (given === "" || !(await passwords.verify(given, found.hash)).ok) throw unproved();
          succeeded(request);
        }
        const name =
          payload.name === undefined ? undefined : await fitName(payload.name, "payload.name", found.name);
        if (password !== undefined) {
          await refuseWeak(password, [email ?? found.email, name ?? found.name], "payload.password");
        }
        const hash = password === undefined ? undefined : await passwords.hash(password);
        if (!(await claimed(users.change(found.id, found.hash, { name, email, hash })))) throw unproved();
        return { ok: true, message: "record updated" };
      },
    }),
    operation({
      id: "deleteUser",
      method: "delete",
      path: "/user",
      aliases: ["/user"],
      summary: "Deletes your account and everything that is yours; nobody else's",
      access: "user",
      tersely: true,
      body: whichUser,
      result: done,
      async answer({ caller, body }) {
        const found = await own(caller.user, body);
        if (!found) return { ok: true, message: noRecord };
        await removePerson(store, found.id);
        return { ok: true, message: "record deleted" };
      },
    }),
  ];
}

function shown({ id, name, email }: User): object {
  return { _id: String(id), name, email };
}

async function refuseWeak(password: string, about: readonly string[], field: string): Promise<void> {
  const message = await passwordProblem(password, about);
  if (message !== undefined) throw invalid(field, message);
}

function invalid(field: string, message: string): ApiProblem {
  return new ApiProblem("request-invalid", `Bad request parameters: ${field}: ${message}`, [
    { field, message },
  ]);
}

function unproved(): ApiProblem {
  const message = "Changing the address or the password needs the right current_password.";
  return new ApiProblem("current-password-wrong", message);
}

async function claimed<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof Taken) throw new ApiProblem("email-taken", "This e-mail address is taken.");
    throw error;
  }
}
