/** Everything about one's own account: signing up, in and out, sessions, the password, leaving for good. */
import { Router } from "express";
import type { Limits } from "../auth/limits.ts";
import { requireSignIn } from "../auth/require-sign-in.ts";
import type { Passwords } from "../auth/password/passwords.ts";
import type { SessionRecords, Store } from "../store/index.ts";
import { redirect } from "../views/redirect.ts";
import { showAccount } from "./account.ts";
import { replacePassword, showPassword } from "./change-password.ts";
import { deleteAccount, showDelete } from "./delete-account.ts";
import { endOtherSessions, endSession } from "./end-sessions.ts";
import { login, loginIn, showLogin } from "./login.ts";
import { logout, showLogout } from "./logout.ts";
import { register, showRegister } from "./register.ts";

export type AccountsOptions = {
  readonly store: Store;
  readonly sessionRecords: SessionRecords;
  readonly passwords: Passwords;
  readonly limits: Limits;
};

export function accounts(options: AccountsOptions): Router {
  const { sessionRecords, limits } = options;
  const router = Router();

  router.use(["/login", "/register"], async (request, response, next) => {
    if (request.user) await redirect(request, response, "/");
    else next();
  });
  router.route("/register").get(showRegister).post(limits.register, register(options));
  router.route("/login").get(showLogin).post(limits.login(loginIn), login(options));
  router.route("/logout").get(showLogout).post(logout);

  router.use("/account", requireSignIn);
  router.get("/account", showAccount(options));
  router.post("/account/sessions/end", endSession(sessionRecords));
  router.post("/account/sessions/end-others", endOtherSessions(sessionRecords));
  router.route("/account/password").get(showPassword(options)).post(limits.confirm, replacePassword(options));
  router.route("/account/delete").get(showDelete(options)).post(limits.confirm, deleteAccount(options));
  return router;
}
