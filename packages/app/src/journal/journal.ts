/** The journal: everybody reads, whoever is signed in writes, and changes what is their own. */
import { Router, type Request, type RequestHandler, type Response } from "express";
import type { Logger } from "pino";
import { requireSignIn } from "../auth/require-sign-in.ts";
import { Refused } from "../refused.ts";
import { StoreUnavailable, Taken, type Store } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { fieldOf, hasErrors, type FieldErrors } from "../views/form.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { addEntry, changeEntry, deleteEntry, entryPage, findEntry } from "./entries.ts";
import { longest, problemsOf, tidy, type EntryText } from "./entry-form.ts";

type Form = { readonly heading: string; readonly action: string; readonly deletion?: string };

const creation: Form = { heading: "Create an Entry", action: "/entry" };

export type JournalOptions = {
  readonly store: Pick<Store, "db">;
  readonly log: Pick<Logger, "error">;
};

export function journal({ store, log }: JournalOptions): Router {
  const submit = submission(log);
  const router = Router();
  router.get("/", showJournal(store));
  router.use("/entry", requireSignIn);
  router
    .route("/entry")
    .get((request, response) => {
      show(request, response, creation, { title: "", entry: "" }, {});
    })
    .post(async (request, response) => {
      await submit(request, response, creation, "Your entry is now live!", (text) =>
        addEntry(store, signedIn(request), text),
      );
    });
  router
    .route("/entry/:id")
    .get(async (request, response) => {
      const { id, title, body } = await ownEntry(store, request);
      show(request, response, editing(id), { title, entry: body }, {});
    })
    .post(async (request, response) => {
      const { id } = await ownEntry(store, request);
      await submit(request, response, editing(id), "Your entry was changed.", (text) =>
        changeEntry(store, id, signedIn(request), text),
      );
    });
  router.post("/entry/:id/delete", async (request, response) => {
    const { id } = await ownEntry(store, request);
    await deleteEntry(store, id, signedIn(request));
    flash(request, "Your entry was deleted.");
    await redirect(request, response, "/");
  });
  return router;
}

function showJournal(store: Pick<Store, "db">): RequestHandler {
  return async (request, response) => {
    const before = idIn(request.query["before"]);
    const after = idIn(request.query["after"]);
    const where = before !== undefined ? { before } : after !== undefined ? { after } : undefined;
    const { entries, hasOlder, hasNewer } = await entryPage(store, where);
    const [first, last] = [entries[0]?.id, entries.at(-1)?.id];
    response.send(
      renderPage(request, "/journal/journal", {
        entries,
        older: hasOlder && first !== undefined && `/?before=${first}`,
        newer: hasNewer && last !== undefined && `/?after=${last}`,
        date,
      }),
    );
  };
}

type Keep = (text: EntryText) => Promise<void>;

/** Takes a form that was sent: keeps it and goes on to the journal, or shows it again with what is wrong. */
function submission(log: Pick<Logger, "error">) {
  return async (
    request: Request,
    response: Response,
    form: Form,
    done: string,
    keep: Keep,
  ): Promise<void> => {
    const text = tidy({ title: fieldOf(request, "title"), entry: fieldOf(request, "entry") });
    const problems = problemsOf(text);
    if (hasErrors(problems)) {
      show(request, response, form, text, problems);
      return;
    }
    try {
      await keep(text);
    } catch (error) {
      if (error instanceof Taken) {
        show(request, response, form, text, { title: "Please use a different title." });
        return;
      }
      if (!(error instanceof StoreUnavailable)) throw error;
      // What was typed stays where it is, to be sent again.
      log.error({ err: error, path: request.path }, "an entry could not be saved");
      response.status(503).set("Retry-After", "10");
      show(request, response, form, text, {
        entry: "It could not be saved just now. Send it again in a moment.",
      });
      return;
    }
    flash(request, done);
    await redirect(request, response, "/");
  };
}

function show(
  request: Request,
  response: Response,
  form: Form,
  values: EntryText,
  errors: FieldErrors,
): void {
  response.send(renderPage(request, "/journal/entry", { ...form, values, errors, longest }));
}

function editing(id: number): Form {
  return { heading: "Edit an Entry", action: `/entry/${id}`, deletion: `/entry/${id}/delete` };
}

/** @throws Refused when there is no such entry, or it is somebody else's */
async function ownEntry(store: Pick<Store, "db">, request: Request) {
  const id = idIn(request.params["id"]);
  const entry = id === undefined ? undefined : await findEntry(store, id);
  if (entry === undefined) {
    throw new Refused({
      status: 404,
      code: "entry-unknown",
      headline: "Hmmmm - I can't find that...",
      detail: "There is no such entry. It may have been deleted.",
    });
  }
  if (entry.user_id !== signedIn(request)) {
    throw new Refused({
      status: 403,
      code: "entry-not-own",
      headline: "This entry is somebody else's.",
      detail: "Only whoever wrote it can change it. Nothing was changed.",
    });
  }
  return entry;
}

function signedIn(request: Request): number {
  if (!request.user) throw new Error("requireSignIn stands before this");
  return request.user.id;
}

/** An id in an address; `undefined` for anything else. */
function idIn(value: unknown): number | undefined {
  return typeof value === "string" && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;
}

function date(milliseconds: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(milliseconds);
}
