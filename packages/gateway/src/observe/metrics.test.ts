import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { refusals } from "../refuse/refusal.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

const documentation = new URL("../../../../docs/metrics.md", import.meta.url);

/** Every sample whose name begins so: `name{labels}` -> value. */
async function samples(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.render()).split("\n").filter((line) => line.startsWith(name));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
}

/** All of them have something to show. */
function everything(): Metrics {
  const metrics = createMetrics();
  metrics.handshakeFailed("timeout");
  metrics.connectionDropped();
  metrics.cut("certificate-revoked");
  metrics.observeTrust(() => ({
    generation: 7,
    sources: [
      { name: "crl revoked.crl", entries: 3, thisUpdate: 1_000, nextUpdate: 2_500, problem: undefined },
      { name: "ocsp http://ocsp.example/", problem: "it does not answer" },
    ],
  }));
  metrics.observeCertificates(() => [
    { use: "server", name: "flask.local", notAfter: 4_000 },
    { use: "authority", name: 'Root "One"\\\n', notAfter: 9_000 },
    { use: "authority", name: 'Root "One"\\\n', notAfter: 8_000 },
    { use: "authority", name: "Root Two", notAfter: 7_000 },
  ]);
  metrics.observeTargets(() => [
    { route: "/flask/", target: "http://10.0.0.7:5000", isIn: true, load: 3 },
    { route: "admin.example/flask/", target: "http://10.0.0.7:5000", isIn: false, load: 0 },
  ]);
  metrics.observeConnections(() => 12);
  return metrics;
}

describe("metrics of requests", () => {
  it("are counted by the class of their status, classes never met with 0", async () => {
    const metrics = createMetrics();
    for (const status of [200, 204, 304, 403, 499, 503, 101, 0, 999]) metrics.request(status, 1);
    assert.deepEqual(await samples(metrics, "sallyport_requests_total"), {
      'sallyport_requests_total{status="1xx"}': 1,
      'sallyport_requests_total{status="2xx"}': 2,
      'sallyport_requests_total{status="3xx"}': 1,
      'sallyport_requests_total{status="4xx"}': 2,
      'sallyport_requests_total{status="5xx"}': 1,
    });
  });

  it("have their durations in cumulative buckets, in seconds, bounds included", async () => {
    const metrics = createMetrics();
    for (const milliseconds of [0.5, 0.6, 40, 70_000]) metrics.request(200, milliseconds);
    const found = await samples(metrics, "sallyport_request_duration_seconds");
    const bucket = (bound: string) => found[`sallyport_request_duration_seconds_bucket{le="${bound}"}`];
    assert.deepEqual(["0.0005", "0.001", "0.025", "0.05", "60", "+Inf"].map(bucket), [1, 2, 2, 3, 3, 4]);
    assert.equal(found["sallyport_request_duration_seconds_count"], 4);
    assert.equal(found["sallyport_request_duration_seconds_sum"]?.toFixed(6), "70.041100");
  });

  it("leave out how long a WebSocket was open", async () => {
    const metrics = createMetrics();
    metrics.request(101, 3_600_000);
    assert.equal((await samples(metrics, "sallyport_request_duration_seconds_count"))["sallyport_request_duration_seconds_count"], 0);
  }); // prettier-ignore

  it("cost less than a microsecond each", () => {
    const metrics = createMetrics();
    const run = () => {
      const started = performance.now();
      for (let at = 0; at < 200_000; at += 1) metrics.request(200 + (at % 300), at % 97);
      return (performance.now() - started) / 200_000;
    };
    assert.ok(Math.min(run(), run(), run()) < 0.001);
  });
});

describe("metrics of refusals, handshakes and cuts", () => {
  it("show every code from the start", async () => {
    const metrics = createMetrics();
    metrics.refusal("certificate-revoked");
    const found = await samples(metrics, "sallyport_refusals_total");
    assert.equal(Object.keys(found).length, Object.keys(refusals).length);
    assert.equal(found['sallyport_refusals_total{code="certificate-revoked"}'], 1);
    assert.equal(found['sallyport_refusals_total{code="not-found"}'], 0);
  });

  it("are counted by their label", async () => {
    const metrics = createMetrics();
    metrics.handshake(true);
    metrics.handshake(false);
    metrics.handshake(false);
    metrics.handshakeFailed("timeout");
    metrics.handshakeFailed("timeout");
    metrics.cut("certificate-expired");
    assert.deepEqual(await samples(metrics, "sallyport_handshake"), {
      'sallyport_handshakes_total{resumed="true"}': 1,
      'sallyport_handshakes_total{resumed="false"}': 2,
      'sallyport_handshake_failures_total{reason="timeout"}': 2,
    });
    assert.deepEqual(await samples(metrics, "sallyport_cut_total"), {
      'sallyport_cut_total{code="certificate-expired"}': 1,
    });
  });

  it("cannot grow without bounds, whatever they are told", async () => {
    const metrics = createMetrics();
    for (let at = 0; at < 1000; at += 1) metrics.handshakeFailed(`reason ${at}`);
    const found = await samples(metrics, "sallyport_handshake_failures_total");
    assert.ok(Object.keys(found).length <= 65);
    assert.equal(
      Object.values(found).reduce((sum, count) => sum + count),
      1000,
    );
    assert.equal(found['sallyport_handshake_failures_total{reason="other"}'], 936);
  });
});

describe("metrics of reloads", () => {
  it("are healthy from the start, and again after a reload that was taken", async () => {
    const before = Date.now() / 1000;
    const metrics = createMetrics();
    const health = async () => Object.values(await samples(metrics, "sallyport_config_reload_healthy"));
    const time = async () => Object.values(await samples(metrics, "sallyport_reload_last_success"))[0] ?? 0;
    const started = await time();
    assert.ok(started >= before && started <= Date.now() / 1000);
    assert.deepEqual(await health(), [1]);
    metrics.reload(false);
    assert.deepEqual(await health(), [0]);
    assert.equal(await time(), started);
    metrics.reload(true);
    assert.deepEqual(await health(), [1]);
    assert.ok((await time()) >= started);
    assert.deepEqual(await samples(metrics, "sallyport_reloads_total"), {
      'sallyport_reloads_total{outcome="ok"}': 1,
      'sallyport_reloads_total{outcome="refused"}': 1,
    });
  });
});

describe("metrics that are looked up when they are read", () => {
  it("show the sources of revocation as they are", async () => {
    assert.deepEqual(await samples(everything(), "sallyport_revocation"), {
      'sallyport_revocation_list_entries{name="crl revoked.crl"}': 3,
      'sallyport_revocation_list_this_update_timestamp_seconds{name="crl revoked.crl"}': 1,
      'sallyport_revocation_list_next_update_timestamp_seconds{name="crl revoked.crl"}': 2.5,
      'sallyport_revocation_problem{name="crl revoked.crl"}': 0,
      'sallyport_revocation_problem{name="ocsp http://ocsp.example/"}': 1,
    });
    assert.deepEqual(await samples(everything(), "sallyport_trust"), { sallyport_trust_generation: 7 });
  });

  it("forget a source that is gone", async () => {
    const metrics = createMetrics();
    let names = ["a", "b"];
    metrics.observeTrust(() => ({
      generation: 1,
      sources: names.map((name) => ({ name, problem: undefined })),
    }));
    assert.equal(Object.keys(await samples(metrics, "sallyport_revocation_problem")).length, 2);
    names = ["b"];
    assert.deepEqual(await samples(metrics, "sallyport_revocation_problem"), {
      'sallyport_revocation_problem{name="b"}': 0,
    });
  });

  it("show when certificates end, of several with one name the first; a name forges no line", async () => {
    assert.deepEqual(await samples(everything(), "sallyport_server_certificate"), {
      'sallyport_server_certificate_not_after_timestamp_seconds{host="flask.local"}': 4,
    });
    assert.deepEqual(await samples(everything(), "sallyport_authority"), {
      'sallyport_authority_not_after_timestamp_seconds{name="Root \\"One\\"\\\\\\n"}': 8,
      'sallyport_authority_not_after_timestamp_seconds{name="Root Two"}': 7,
    });
  });

  it("show how each target of each route stands", async () => {
    assert.deepEqual(await samples(everything(), "sallyport_upstream_target"), {
      'sallyport_upstream_target_in{route="/flask/",target="http://10.0.0.7:5000"}': 1,
      'sallyport_upstream_target_in{route="admin.example/flask/",target="http://10.0.0.7:5000"}': 0,
      'sallyport_upstream_target_requests{route="/flask/",target="http://10.0.0.7:5000"}': 3,
      'sallyport_upstream_target_requests{route="admin.example/flask/",target="http://10.0.0.7:5000"}': 0,
    });
  });

  it("show the open connections, and break the scrape when they cannot be had", async () => {
    assert.deepEqual(await samples(everything(), "sallyport_connections"), {
      sallyport_connections_dropped_total: 1,
      sallyport_connections_open: 12,
    });
    const metrics = createMetrics();
    metrics.observeConnections(() => {
      throw new Error("a bug");
    });
    await assert.rejects(metrics.render(), /a bug/);
  });
});

describe("the text", () => {
  it("is Prometheus' format, every family with HELP and TYPE, and the process beside the gateway", async () => {
    const text = await everything().render();
    assert.ok(text.endsWith("\n"));
    const families = new Set<string>();
    const line = /^([a-z0-9_]+?)(?:_bucket|_sum|_count)?(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:[0-9.e+-]+|Nan|\+Inf)$/;
    for (const each of text.split("\n")) {
      const help = /^# HELP ([a-z0-9_]+) \S.*$/.exec(each)?.[1];
      if (help !== undefined) families.add(help);
      if (each === "" || each.startsWith("#")) continue;
      const name = line.exec(each)?.[1];
      assert.ok(name !== undefined, each);
      if (name.startsWith("sallyport_")) assert.ok(families.has(name) || families.has(`${name}_count`), each);
    }
    for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"])
      assert.ok(families.has(name), name);
    assert.match(text, /^sallyport_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+",openssl="[^"]+"\} 1$/m);
  }); // prettier-ignore

  it("is of this gateway alone", async () => {
    const one = createMetrics();
    const two = createMetrics();
    one.request(200, 1);
    assert.equal(
      (await samples(two, "sallyport_requests_total"))['sallyport_requests_total{status="2xx"}'],
      0,
    );
  });

  it("has no name that docs/metrics.md does not explain", { skip: !existsSync(documentation) }, async () => {
    const explained = readFileSync(documentation, "utf8");
    const names = [...(await everything().render()).matchAll(/^# TYPE (sallyport_\w+)/gm)].map((found) => found[1] ?? "");
    assert.ok(names.length > 15);
    assert.deepEqual(names.filter((name) => !explained.includes(`\`${name}\``)), []);
    const documented = [...explained.matchAll(/^\| `(sallyport_\w+)`/gm)].map((found) => found[1] ?? "");
    assert.deepEqual(documented.filter((name) => !names.includes(name)), []);
  }); // prettier-ignore
});
