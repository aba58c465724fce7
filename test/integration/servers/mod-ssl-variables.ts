import { dialects } from "@sallyport/identity";

/** Every variable that a route may list, one by one; of the numbered ones, so many. */
export function modSslVariables(count: number): readonly string[] {
  const listed = dialects.find(({ name }) => name === "mod_ssl")?.variables ?? [];
  return listed
    .filter((name) => !name.endsWith("_n"))
    .flatMap((name) => {
      if (!listed.includes(`${name}_n`)) return [name];
      const numbered = Array.from({ length: count }, (_, at) => `${name}_${at}`);
      return /_SAN_|_CHAIN$/.test(name) ? numbered : [name, ...numbered];
    });
}
