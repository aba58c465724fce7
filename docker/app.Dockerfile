# The app, from the project's root: docker build --file docker/app.Dockerfile --tag sallyport-app .
# A release pins the base: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:...
# What is in it: docker build --file docker/app.Dockerfile --target sbom --output sbom .
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
RUN npm ci --omit=dev --ignore-scripts --workspace packages/app

FROM dependencies AS listed
RUN rm package-lock.json \
 && npm pkg delete devDependencies \
 && npm pkg set --json 'workspaces=["packages/identity","packages/app"]' \
 && npm sbom --workspace packages/app --sbom-format cyclonedx >/app.cdx.json

FROM scratch AS sbom
COPY --from=listed /app.cdx.json /

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="Sallyport app" \
      org.opencontainers.image.description="The Express backend that believes Sallyport's gateway, and nobody else, about who is asking" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
# The container's network decides who reaches the app: one that only the gateway is on.
ENV NODE_ENV=production \
    SALLYPORT_APP_HOST=0.0.0.0 \
    SALLYPORT_APP_INSECURE_ANY_HOST=1 \
    SALLYPORT_APP_PORT=5000 \
    SALLYPORT_APP_DATA=/var/lib/sallyport \
    SALLYPORT_BACKEND_SECRET_FILE=/run/sallyport/backend.secret
WORKDIR /sallyport
# A volume that is mounted here for the first time takes this owner; the rest is root's, and nothing of it can be changed.
RUN install --directory --owner 1000 --group 1000 --mode 0700 /var/lib/sallyport
COPY --from=dependencies /sallyport .
COPY packages/identity/src packages/identity/src
COPY packages/app/src packages/app/src
USER 1000:1000
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=30s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SALLYPORT_APP_PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/app/src/main.ts"]
