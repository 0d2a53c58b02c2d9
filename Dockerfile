# The image of Broadsheet, made from a clone. A newsletter's folder is mounted at /newsletter. The container writes to
# /tmp alone, so its root can be read-only. docs/hosting.md explains what a container needs.
FROM node:24-slim AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm pack --pack-destination /tmp
WORKDIR /app
# Optional packages that the newsletter needs, such as "imapflow ai @ai-sdk/anthropic".
ARG PACKAGES=""
RUN npm install --no-audit --no-fund /tmp/broadsheet-*.tgz pg@8.23 pg-boss@12.38 $PACKAGES

FROM node:24-slim
COPY --from=build /app /app
# A new volume at /tmp/state takes the owner of this folder.
RUN install -d -m 0700 -o 10001 -g 10001 /tmp/state
ENV NODE_ENV="production" \
  PATH="/app/node_modules/.bin:$PATH" \
  HOME="/tmp" \
  XDG_STATE_HOME="/tmp/state" \
  XDG_CACHE_HOME="/tmp/cache" \
  BROADSHEET_OUTBOX="/tmp/outbox"
WORKDIR /newsletter
USER 10001:10001
ENTRYPOINT ["broadsheet"]
CMD ["--help"]
