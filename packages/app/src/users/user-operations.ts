/** The API's users: register, and one's own record. */
import { data, done } from "../api/answer-schemas.ts";
import { ApiProblem } from "../api/api-problem.ts";
import { operation, type Operation } from "../api/operation.ts";
import { passwordProblem } from "../auth/password/password-rules.ts";
import type { Passwords } from "../auth/password/passwords.ts";
import { foldKey, Taken } from "../store/index.ts";
import { registration, user, userChange, whichUser, whichUserOrMyself } from "./user-schemas.ts";
import type { User, Users } from "./users.ts";

export type UserOperationsOptions = { readonly users: Users; readonly passwords: Passwords };

const noRecord = "no record found";

export function userOperations({ users, passwords }: UserOperationsOptions): readonly Operation[] {
  /** The caller's record, when it is the one that was asked for: nobody else's can be told from one that is not there. */
  const own = async (caller: number, { email, id }: { readonly email?: string; readonly id?: string }) => {
    const found = await users.byId(caller);
    if (!found || (id !== undefined && id !== String(found.id))) return undefined;
    if (email !== undefined && (found.email === null || foldKey(email) !== foldKey(found.email))) return undefined;
    return found;
  };
  return [
    operation({
      id: "register",
      method: "post",
      path: "/register",
      aliases: ["/register"],
      summary: "Makes an account that an e-mail address and a password open",
      access: "anybody",
      limit: "sign-up",
      body: registration,
      result: done,
      problems: ["email-taken"],
      async answer({ body: { email, password, name = email.slice(0, email.lastIndexOf("@")).slice(0, 100) } }) {
        await refuseWeak(password, [email, name], "password");
        const hash = await passwords.hash(password);
        await claimed(users.add({ name, email, hash }));
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
      limit: "sign-in", // it is told a password
      tersely: true,
      body: userChange,
      result: done,
      problems: ["record-missing", "email-taken", "password-missing", "current-password-wrong"],
      async answer({ caller, body: { query, payload } }) {
        const found = await own(caller.user, query);
        if (!found) throw new ApiProblem("record-missing", noRecord);
        const { name, email, password, current_password } = payload;
        if (email !== undefined || password !== undefined) {
          if (found.hash === null || found.email === null) {
            throw new ApiProblem(
              "password-missing",
              "This account has no e-mail address and password: something else opens it.",
            );
          }
          const proved = current_password !== undefined && (await passwords.verify(current_password, found.hash)).ok;
          if (!proved) {
            const message = "Changing the address or the password needs the right current_password.";
            throw new ApiProblem("current-password-wrong", message);
          }
        }
        if (password !== undefined) {
          await refuseWeak(password, [email ?? found.email ?? "", name ?? found.name], "payload.password");
        }
        const hash = password === undefined ? undefined : await passwords.hash(password);
        await claimed(
          users.change(found.id, {
            ...(name !== undefined && { name }),
            ...(email !== undefined && { email }),
            ...(hash !== undefined && { hash }),
          }),
        );
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
        await users.remove(found.id);
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
  if (message !== undefined) {
    throw new ApiProblem("request-invalid", `Bad request parameters: ${field}: ${message}`, [{ field, message }]);
  }
}

async function claimed<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof Taken) throw new ApiProblem("email-taken", "This e-mail address is taken.");
    throw error;
  }
}
