/**
 * What `kubectl apply -k docker/kubernetes` would send, rendered by the real kubectl: every field is one that Kubernetes
 * knows, and whatever names something else names something that is there. There is no cluster: docs/deployment.md says what
 * that leaves open.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.js";
import type { ConfigMap, Namespace, PodSpec, Service } from "kubernetes-types/core/v1.js";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { readYaml } from "../../packages/gateway/src/config/yaml-source.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { unknownFields, type Manifest } from "./kubernetes/unknown-fields.ts";
import { installed } from "./servers/installed.ts";

const folder = join(import.meta.dirname, "../../docker/kubernetes");

/** Secrets and config that somebody makes before: docs/deployment.md says with which commands, and which keys they have. */
const madeByHand: Readonly<Record<string, readonly string[]>> = {
  "sallyport-tls": ["tls.crt", "tls.key"],
  "sallyport-authorities": ["root.pem"],
  "sallyport-backend-secret": ["backend.secret"],
  "sallyport-ticket-secret": ["ticket.secret"],
  "sallyport-app": ["app.secret", "database.password", "sessions.password"],
};

void test("the manifests", async (context) => {
  const kubectl = await installed("/usr/bin/kubectl");
  const { stdout } = await promisify(execFile)(kubectl, ["kustomize", folder]);
  const rendered = await tempFolder(context);
  const manifests: Manifest[] = [];
  for (const [at, text] of stdout.split(/^---$/m).entries()) {
    const file = join(rendered, `${at}.yaml`);
    await writeFile(file, text);
    manifests.push(readYaml(file).value as Manifest);
  }
  const all = <Kind>(kind: string) =>
    manifests.filter((manifest) => manifest.kind === kind) as unknown as Kind[];
  const deployments = all<Deployment>("Deployment");
  const [gateway, app] = ["sallyport-gateway", "sallyport-app"].map((name) => {
    const found = deployments.find(({ metadata }) => metadata?.name === name);
    assert.ok(found, name);
    return podOf(found);
  }) as [PodSpec, PodSpec];

  await context.test("have no field that Kubernetes does not know", () => {
    assert.deepEqual(unknownFields(manifests), []);
  });

  await context.test("would be caught at a field that is spelled wrong", () => {
    const wrong = structuredClone(manifests).filter(({ kind }) => kind === "Deployment");
    const [container] = podOf(wrong[0] as unknown as Deployment).containers;
    Object.assign(container ?? {}, { readinesProbe: {} });
    assert.match(unknownFields(wrong).join("\n"), /readinesProbe/);
  });

  await context.test("live in a namespace that holds its pods to the strictest rules", () => {
    const [namespace] = all<Namespace>("Namespace");
    assert.equal(namespace?.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    for (const { kind, metadata } of manifests) {
      if (kind !== "Namespace") assert.equal(metadata.namespace, "sallyport", metadata.name);
    }
  });

  await context.test("fulfil these rules", () => {
    for (const pod of [gateway, app]) {
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext?.runAsNonRoot, true);
      assert.equal(pod.securityContext.seccompProfile?.type, "RuntimeDefault");
      for (const { securityContext } of pod.containers) {
        assert.equal(securityContext?.allowPrivilegeEscalation, false);
        assert.equal(securityContext.readOnlyRootFilesystem, true);
        assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
      }
    }
  });

  await context.test("give secrets to the group of the process alone", () => {
    for (const pod of [gateway, app]) {
      assert.equal(pod.securityContext?.fsGroup, 1000);
      for (const { secret, projected } of pod.volumes ?? []) {
        for (const { defaultMode } of [secret, projected].filter((source) => source !== undefined))
          assert.equal(defaultMode, 0o440);
      }
    }
    // The Service of that name would set the app's port to an address, and the app would not start.
    assert.equal(app.enableServiceLinks, false);
  });

  await context.test("select the pods they mean, by a port that is there", () => {
    for (const { spec, metadata } of all<Service>("Service")) {
      const chosen = deployments.filter((deployment) => selects(spec?.selector, deployment));
      assert.deepEqual(chosen.map(nameOf), [metadata?.name]);
      const names = chosen.flatMap((each) => portsOf(podOf(each))).map(({ name }) => name);
      for (const { targetPort } of spec?.ports ?? [])
        assert.ok(names.includes(String(targetPort)), String(targetPort));
    }
    for (const { spec, metadata } of all<PodDisruptionBudget>("PodDisruptionBudget")) {
      assert.deepEqual(deployments.filter((each) => selects(spec?.selector?.matchLabels, each)).map(nameOf), [
        metadata?.name,
      ]);
      assert.equal(spec?.maxUnavailable, 1);
    }
    for (const deployment of deployments)
      assert.ok(selects(deployment.spec?.selector.matchLabels, deployment), nameOf(deployment));
  });

  await context.test("run two at least, and more by the CPU that they take", () => {
    const scaled = all<HorizontalPodAutoscaler>("HorizontalPodAutoscaler");
    assert.deepEqual(
      scaled.map(({ spec }) => spec?.scaleTargetRef.name).sort(),
      deployments.map(nameOf).sort(),
    );
    for (const { spec } of scaled) {
      assert.ok((spec?.minReplicas ?? 1) >= 2);
      assert.deepEqual(
        spec?.metrics?.map(({ resource }) => resource?.name),
        ["cpu"],
      );
    }
    // One that says how many would take back what the autoscaler has done.
    for (const { spec } of deployments) assert.equal(spec?.replicas, undefined);
  });

  await context.test(
    "take nobody away before the next one is ready, and nobody in the middle of an answer",
    () => {
      for (const { spec } of deployments) {
        assert.equal(spec?.strategy?.rollingUpdate?.maxUnavailable, 0);
      }
      for (const pod of [gateway, app]) {
        const [container] = pod.containers;
        const before = container?.lifecycle?.preStop?.sleep?.seconds ?? 0;
        assert.ok(before >= 5, "endpoints are taken out meanwhile");
        assert.ok((pod.terminationGracePeriodSeconds ?? 0) > before + 30, "and then it drains for 30 s");
        const ports = portsOf(pod).map(({ name }) => name);
        for (const probe of [container?.startupProbe, container?.livenessProbe, container?.readinessProbe])
          assert.ok(ports.includes(String(probe?.httpGet?.port)));
      }
      assert.equal(gateway.containers[0]?.livenessProbe?.httpGet?.path, "/healthz");
      assert.equal(gateway.containers[0].readinessProbe?.httpGet?.path, "/readyz");
    },
  );

  await context.test("let the gateway alone reach the app, and nobody do what is not said", () => {
    const policies = all<NetworkPolicy>("NetworkPolicy");
    const nobody = policies.find(({ metadata }) => metadata?.name === "nobody");
    assert.deepEqual(nobody?.spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const into = (deployment: string) =>
      policies
        .filter(({ spec }) =>
          selects(
            spec?.podSelector.matchLabels,
            deployments.find((each) => nameOf(each) === deployment),
          ),
        )
        .flatMap(({ spec }) => spec?.ingress ?? []);
    assert.deepEqual(into("sallyport-app"), [
      {
        from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "sallyport-gateway" } } }],
        ports: [{ protocol: "TCP", port: "http" }],
      },
    ]);
    assert.deepEqual(into("sallyport-gateway"), [{ ports: [{ protocol: "TCP", port: "https" }] }]);
  });

  await context.test("mount what there is, and configure what is mounted", () => {
    const configMaps = all<ConfigMap>("ConfigMap");
    const keysOf = (name: string) =>
      madeByHand[name] ?? Object.keys(configMaps.find(({ metadata }) => metadata?.name === name)?.data ?? {});
    const config =
      configMaps.find(({ metadata }) => metadata?.name === "sallyport-gateway")?.data?.["gateway.yaml"] ?? "";
    for (const [pod, said] of [
      [gateway, config],
      [app, JSON.stringify(app)],
    ] as const) {
      const [container] = pod.containers;
      const files = (container?.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
        const volume = pod.volumes?.find((each) => each.name === name);
        const projected = volume?.projected?.sources?.map(({ secret }) => secret?.name);
        const sources = [volume?.configMap?.name, volume?.secret?.secretName, ...(projected ?? [])];
        return sources
          .flatMap((source) => (source === undefined ? [] : keysOf(source)))
          .map((key) => `${mountPath}/${key}`);
      });
      const wanted = said.match(/\/run\/sallyport\/[\w./-]+\.[a-z]+/g) ?? [];
      assert.ok(wanted.length > 2);
      for (const file of wanted) assert.ok(files.includes(file), `${file} is not among ${files.join(" ")}`);
    }
  });
});

function podOf({ spec }: Deployment): PodSpec {
  assert.ok(spec?.template.spec);
  return spec.template.spec;
}

function nameOf({ metadata }: Deployment): string {
  return metadata?.name ?? "";
}

function portsOf({ containers }: PodSpec) {
  return containers.flatMap(({ ports = [] }) => ports);
}

/** Whether the labels of a deployment's pods are among those that are looked for. */
function selects(
  labels: Readonly<Record<string, string>> | undefined,
  deployment: Deployment | undefined,
): boolean {
  const own = deployment?.spec?.template.metadata?.labels ?? {};
  const wanted = Object.entries(labels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => own[key] === value);
}
