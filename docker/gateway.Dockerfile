# The gateway, from the project's root: docker build --file docker/gateway.Dockerfile --tag sallyport-gateway .
# A release pins the base: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:...
# What is in it: docker build --file docker/gateway.Dockerfile --target sbom --output sbom .
ARG NODE_IMAGE=node:24-bookworm-slim

# The manifests alone: a change of source installs nothing anew. npm would install what a workspace's tests need, where another
# workspace ships it: they go first.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /sallyport
COPY . .
RUN rm -rf packages/*/src certs/src && npm pkg delete devDependencies --workspaces

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /sallyport
COPY --from=manifests /sallyport .
RUN npm ci --omit=dev --ignore-scripts --workspace packages/gateway

FROM dependencies AS listed
RUN rm package-lock.json \
 && npm pkg delete devDependencies \
 && npm pkg set --json 'workspaces=["packages/identity","packages/gateway"]' \
 && npm sbom --workspace packages/gateway --sbom-format cyclonedx >/gateway.cdx.json

FROM scratch AS sbom
COPY --from=listed /gateway.cdx.json /

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="Sallyport gateway" \
      org.opencontainers.image.description="Terminates mutual TLS, verifies the client's certificate, and tells the backend who it is" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV NODE_ENV=production
WORKDIR /sallyport
# Owned by root: the process can change nothing of what it runs.
COPY --from=dependencies /sallyport .
COPY packages/identity/src packages/identity/src
COPY packages/gateway/src packages/gateway/src
USER 1000:1000
EXPOSE 8443
STOPSIGNAL SIGTERM
# Alive is not ready: /readyz, for those who pass requests on, waits for an upstream too.
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=30s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9902/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/gateway/src/main.ts"]
CMD ["serve", "--config", "/etc/sallyport/gateway.yaml"]
