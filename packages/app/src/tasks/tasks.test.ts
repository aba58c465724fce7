import { memoryStore } from "../testing/running-app.ts";
import { tasksContract } from "../testing/tasks-contract.ts";

tasksContract(memoryStore);
