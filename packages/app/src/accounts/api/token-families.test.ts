import { memoryStore } from "../../testing/running-app.ts";
import { tokenFamiliesContract } from "../../testing/token-families-contract.ts";

tokenFamiliesContract(memoryStore);
