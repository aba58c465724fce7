/** `/tasks`: what is to do, in hand and done. Forms and links alone, so that a keyboard and a browser without scripts do all of it. */
import { Router, type Request, type Response } from "express";
import { validator, type Fault } from "../api/validator.ts";
import { requireSignIn } from "../auth/require-sign-in.ts";
import { flash } from "../views/flash.ts";
import { fieldOf, required } from "../views/form.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { longestDescription, longestTitle, newTask, statuses, type Status } from "./task-schemas.ts";
import { mostTasks, type Task, type Tasks } from "./tasks.ts";

/** As people read them. */
const labels: Readonly<Record<Status, string>> = { todo: "To do", doing: "Doing", done: "Done" };
const fields = { title: "Title", description: "Description", status: "Column" } as const;

/** For whoever is signed in. Anybody else's task is not here at all: 404. */
export function board(tasks: Tasks): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use("/tasks", requireSignIn);

  router.get("/tasks", async (request, response) => {
    const all = await tasks.list(userOf(request));
    const columns = statuses.map((status, at) => ({
      status,
      label: labels[status],
      tasks: all.filter((task) => task.status === status),
      before: neighbour(at - 1),
      after: neighbour(at + 1),
    }));
    response.send(renderPage(request, "/tasks/board", { columns }));
  });

  router.get("/tasks/new", (request, response) => {
    showForm(request, response, { values: { title: "", description: "", status: "todo" }, faults: [] });
  });

  router.post("/tasks", async (request, response) => {
    const values = valuesOf(request);
    const faults = faultsOf(values);
    const added = faults.length === 0 ? await tasks.add(userOf(request), sound(values)) : undefined;
    if (!added) {
      const full = {
        field: "title",
        message: `You have ${mostTasks} tasks. Delete some before you add another.`,
      };
      showForm(request, response, { values, faults: faults.length > 0 ? faults : [full] });
      return;
    }
    flash(request, `“${added.title}” is on the board.`);
    await redirect(request, response, `/tasks#task-${added.id}`);
  });

  router.get("/tasks/:id", async (request, response, next) => {
    const task = await tasks.find(userOf(request), request.params.id);
    if (task)
      showForm(request, response, { task, values: { ...task, description: task.description ?? "" }, faults: [] }); // prettier-ignore
    else next();
  });

  router.post("/tasks/:id", async (request, response, next) => {
    const { id } = request.params;
    const task = await tasks.find(userOf(request), id);
    if (!task) { next(); return; } // prettier-ignore
    const values = valuesOf(request);
    const faults = faultsOf(values);
    if (faults.length > 0) {
      showForm(request, response, { task, values, faults });
      return;
    }
    await tasks.change(userOf(request), id, sound(values));
    flash(request, `“${values.title}” is changed.`);
    await redirect(request, response, `/tasks#task-${id}`);
  });

  router.post("/tasks/:id/move", async (request, response, next) => {
    const { id } = request.params;
    const to = statuses.find((status) => status === fieldOf(request, "to"));
    const task = await tasks.find(userOf(request), id);
    if (!task || to === undefined) { next(); return; } // prettier-ignore
    await tasks.change(userOf(request), id, { status: to });
    flash(request, `“${task.title}” is in “${labels[to]}” now.`);
    await redirect(request, response, `/tasks#task-${id}`);
  });

  router.post("/tasks/:id/delete", async (request, response, next) => {
    const task = await tasks.find(userOf(request), request.params.id);
    if (!task) { next(); return; } // prettier-ignore
    await tasks.remove(userOf(request), request.params.id);
    flash(request, `“${task.title}” is deleted.`);
    await redirect(request, response, "/tasks");
  });
  return router;
}

type Values = { readonly title: string; readonly description: string; readonly status: string };
type Form = { readonly task?: Task; readonly values: Values; readonly faults: readonly Fault[] };

const faultsIn = validator(newTask);

function showForm(request: Request, response: Response, { task, values, faults }: Form): void {
  const errors = Object.fromEntries(faults.map(({ field, message }) => [field, message]));
  response.send(
    renderPage(request, "/tasks/task", {
      task,
      values,
      errors,
      labels: fields,
      longestTitle,
      longestDescription,
      columns: statuses.map((status) => ({ status, label: labels[status] })),
    }),
  );
}

/** Browsers end the lines of a text area with CR LF. */
function valuesOf(request: Request): Values {
  return {
    title: fieldOf(request, "title").trim(),
    description: fieldOf(request, "description").replaceAll("\r\n", "\n"),
    status: fieldOf(request, "status"),
  };
}

function faultsOf(values: Values): readonly Fault[] {
  if (values.title === "") return [{ field: "title", message: required }];
  return faultsIn(values);
}

/** Values without a fault. */
function sound({ status, ...texts }: Values) {
  return { ...texts, status: statuses.find((each) => each === status) ?? "todo" };
}

function neighbour(at: number): { readonly status: Status; readonly label: string } | undefined {
  const status = statuses[at];
  return status && { status, label: labels[status] };
}

function userOf({ user }: Request): number {
  if (!user) throw new Error("requireSignIn lets nobody through who is nobody");
  return user.id;
}
