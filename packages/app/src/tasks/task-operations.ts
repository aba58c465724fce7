/** The API's tasks. */
import { data, done } from "../api/answer-schemas.ts";
import { ApiProblem } from "../api/api-problem.ts";
import { operation, type Operation } from "../api/operation.ts";
import { listing, newTask, statuses, task, taskChange, taskList, whichTask } from "./task-schemas.ts";
import { mostTasks, type Task, type Tasks } from "./tasks.ts";

const noRecord = "no record found";

export function taskOperations(tasks: Tasks): readonly Operation[] {
  return [
    operation({
      id: "createTask",
      method: "post",
      path: "/task",
      aliases: ["/task"],
      summary: "A new task of yours, at the end of its column",
      access: "user",
      body: newTask,
      result: data(task),
      problems: ["tasks-full"],
      async answer({ caller, body }) {
        const added = await tasks.add(caller.user, body);
        if (!added)
          throw new ApiProblem("tasks-full", `One person has at most ${mostTasks} tasks. Delete some.`);
        return { ok: true, data: shown(added) };
      },
    }),
    operation({
      id: "readTask",
      method: "get",
      path: "/task",
      aliases: ["/task"],
      summary: "One of your tasks; data is null when there is no such task of yours",
      access: "user",
      query: whichTask,
      result: data({ anyOf: [task, { type: "null" }] }),
      async answer({ caller, query: { id } }) {
        const found = await tasks.find(caller.user, id);
        return { ok: true, data: found ? shown(found) : null };
      },
    }),
    operation({
      id: "changeTask",
      method: "patch",
      path: "/task",
      aliases: ["/task"],
      summary: "Changes one of your tasks; with another status it goes to the end of that column",
      access: "user",
      body: taskChange,
      result: done,
      problems: ["record-missing"],
      async answer({ caller, body: { id, payload } }) {
        if (!(await tasks.change(caller.user, id, payload))) throw new ApiProblem("record-missing", noRecord);
        return { ok: true, message: "record updated" };
      },
    }),
    operation({
      id: "deleteTask",
      method: "delete",
      path: "/task",
      aliases: ["/task"],
      summary: "Deletes one of your tasks",
      access: "user",
      tersely: true,
      body: whichTask,
      result: done,
      async answer({ caller, body: { id } }) {
        const removed = await tasks.remove(caller.user, id);
        return { ok: true, message: removed ? "record deleted" : noRecord };
      },
    }),
    operation({
      id: "listTasks",
      method: "get",
      path: "/list/task",
      aliases: ["/list/task"],
      summary: "All of your tasks; with group, by status",
      access: "user",
      query: listing,
      result: data(taskList),
      async answer({ caller, query: { group = "" } }) {
        const all = (await tasks.list(caller.user)).map((each) => ({
          status: each.status,
          shown: shown(each),
        }));
        if (group === "") return { ok: true, data: all.map((each) => each.shown) };
        const columns = statuses
          .map((status) => [status, all.filter((each) => each.status === status)] as const)
          .filter(([, those]) => those.length > 0)
          .map(([status, those]) => [status, those.map((each) => each.shown)] as const);
        return { ok: true, data: Object.fromEntries(columns) };
      },
    }),
  ];
}

function shown({ id, title, description, status, email }: Task): object {
  return { _id: String(id), title, ...(description !== null && { description }), status, email };
}
