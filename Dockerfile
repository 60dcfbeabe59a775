# syntax=docker/dockerfile:1
# One image, several commands: the API, the worker and the one-off jobs of docker-compose.yml.
# There is no build step (docs/decisions/no-build-step.md): the base image's Node runs the TypeScript as it is.

FROM node:24.21.0-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without install scripts the npm package `node` brings no second Node, and nothing else needs one:
# sharp, SWC and Temporal's core come as ready-made binaries.
RUN npm ci --omit=dev --ignore-scripts --loglevel warn && npm cache clean --force

FROM node:24.21.0-trixie-slim
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY domain ./domain
COPY crypto ./crypto
COPY telemetry ./telemetry
COPY db ./db
COPY clients ./clients
COPY activities ./activities
COPY workflows ./workflows
COPY worker ./worker
COPY api ./api
COPY oncall ./oncall
COPY deploy ./deploy
# Code and packages belong to root: the process cannot change what it runs.
USER node
EXPOSE 8080
# Each service of docker-compose.yml has its own health check.
CMD ["node", "api/main.ts"]
