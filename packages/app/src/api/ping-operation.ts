import { operation } from "./operation.ts";

/** For whoever wants to know whether anybody is here. */
export const pingOperation = operation({
  id: "ping",
  method: "get",
  path: "/ping",
  aliases: ["/api/v1.0/ping"],
  summary: "Whether the API answers",
  access: "anybody",
  result: {
    type: "object",
    properties: { data: { type: "string" } },
    required: ["data"],
    additionalProperties: false,
  },
  answer: () => ({ data: "Server running" }),
});
