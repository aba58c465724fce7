// The walls: which room may import which. Written in paths, so that a new dialect, page or room needs no new rule.
const test = "[.]test[.]ts$|/testing/";
/** What every room of the gateway may import besides itself: the contract, the one way to say no, who is there, the way back, a value without blanks around it, and the look of a page. */
const shared =
  "^packages/(identity/|gateway/src/(refuse/refusal[.]ts|roll[.]ts|notes[.]ts|(response|without-ows)[.]ts|pages/))";
const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    never("no-cycles", "Data flows one way.", {}, { circular: true }),
    never("no-undeclared-packages", "Every package is declared where it is used.", {}, { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] }), // prettier-ignore
    never("no-unresolvable", "Every import leads somewhere.", {}, { couldNotResolve: true }),
    never("nothing-imports-main", "A main.ts is a process, not a library.", {}, { path: "/main[.]ts$" }),
    never("no-tests-in-the-product", "Product code knows no tests, scripts or benches.", { path: "^(packages|certs)/", pathNot: test }, { path: `${test}|^(test|bench|scripts)/` }), // prettier-ignore
    never("no-dev-packages-in-the-product", "What only tools need does not ship.", { path: "^(packages|certs)/", pathNot: test }, { dependencyTypes: ["npm-dev"] }), // prettier-ignore
    never("identity-stands-alone", "Both sides read it; it reads nobody, and knows no HTTP.", { path: "^packages/identity/", pathNot: `${test}|/src/passport[.]ts$` }, { pathNot: "^packages/identity/|^(node:)?(crypto|buffer)$" }), // prettier-ignore
    never("the-passport-door-knows-passport-alone", "It is a door of its own.", { path: "^packages/identity/src/passport[.]ts$" }, { pathNot: "^packages/identity/|(^|/)node_modules/passport-custom/" }), // prettier-ignore
    never("nobody-enters-by-the-passport-door", "The contract itself knows no Passport.", { path: "^packages/identity/", pathNot: test }, { path: "^packages/identity/src/passport[.]ts$" }), // prettier-ignore
    never(
      "certs-stands-alone",
      "The authority is a tool of its own.",
      { path: "^certs/" },
      { path: "^packages/" },
    ),
    never("gateway-and-app-never-meet", "They share the contract and nothing else.", { path: "^packages/(gateway|app)/" }, { path: "^packages/(gateway|app)/", pathNot: "^packages/$1/" }), // prettier-ignore
    never("enrolment-knows-two-doors", "It is a backend like any other, with an authority.", { path: "^packages/enrolment/" }, { path: "^(packages|certs)/", pathNot: "^(packages/enrolment/|packages/identity/src/index[.]ts$|certs/src/index[.]ts$)" }), // prettier-ignore
    never("nobody-knows-enrolment", "The authority's key stays in a process of its own.", { path: "^(packages|certs|scripts)/", pathNot: "^packages/enrolment/" }, { path: "^packages/enrolment/" }), // prettier-ignore
    never("rooms-do-not-know-each-other", "A room takes a value and returns a value.", { path: "^packages/gateway/src/([^/]+)/", pathNot: `${test}|/src/commands/` }, { path: "^packages/", pathNot: `^packages/gateway/src/$1/|${shared}` }), // prettier-ignore
    never("commands-know-the-running-gateway-alone", "A command is a few lines of process.", { path: "^packages/gateway/src/commands/" }, { path: "^packages/", pathNot: "^packages/gateway/src/(commands/|running[.]ts$|supervising[.]ts$|workers/|config/)" }), // prettier-ignore
    never("the-supervisor-speaks-with-no-client", "It keeps workers running; what clients send never reaches it.", { path: "^packages/gateway/src/(supervising|plain-ports)[.]ts$" }, { path: "^packages/", pathNot: "/src/(workers/|config/|observe/log[.]|listen/(plain-listener|sole-owner)[.]|plain-ports[.])", dependencyTypesNot: ["type-only"] }), // prettier-ignore
    never("the-line-uses-no-library", "Where everything meets, nothing is hidden.", { path: "^packages/gateway/src/(?!main[.])[^/]+[.]ts$" }, { path: "(^|/)node_modules/" }), // prettier-ignore
    never("forward-alone-talks-to-upstreams", "No other room opens a connection.", { path: "^packages/gateway/src/", pathNot: `${test}|/src/(forward|listen|peer|visit|running)` }, { path: "^(node:)?(net|tls|http|https|http2|dgram)$", dependencyTypesNot: ["type-only"] }), // prettier-ignore
    never("app-features-do-not-know-each-other", "Features meet in app.ts.", { path: "^packages/app/src/([^/]+)/", pathNot: `${test}|/src/commands/` }, { path: "^packages/app/src/([^/]+)/", pathNot: "^packages/app/src/($1|api|auth|views|store)/" }), // prettier-ignore
    never("the-store-has-one-door", "Nobody but the store knows which engine keeps it.", { path: "^packages/app/src/", pathNot: `${test}|/src/store/` }, { path: "^packages/app/src/store/(?!index[.]ts$)" }), // prettier-ignore
    never("drivers-stay-in-the-store", "Another engine is a file in the store.", { path: "^packages/app/src/", pathNot: `${test}|/src/store/` }, { path: "(^|/)node_modules/(pg|redis|@redis)/|^(node:)?sqlite$" }), // prettier-ignore
    never("the-store-knows-no-feature", "It keeps rows; what they mean is said elsewhere.", { path: "^packages/app/src/store/", pathNot: test }, { path: "^packages/app/src/(?!store/)" }), // prettier-ignore
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
    combinedDependencies: true,
  },
};
