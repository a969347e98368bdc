# One image for the console and for gateways: `console` (the default), or `gateway` with the options of `npm run gateway`.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN node scripts/assemble.mjs /gatewright

FROM ${NODE_IMAGE}
ENV NODE_ENV=production GATEWRIGHT_DATA_DIR=/data/gatewright
# What runs belongs to root: the process can read it and cannot change it.
COPY --from=build /gatewright /gatewright
# A volume that is made on this folder takes over its owner. The data directory is a folder in it, because the process sets
# the mode of that, and a volume of Kubernetes belongs to somebody else.
RUN install -d -o node -g node -m 700 /data
VOLUME /data
# The number of the user `node`, because Kubernetes cannot tell from a name that it is not root.
USER 1000:1000
WORKDIR /gatewright
EXPOSE 3000 8082
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/container.mjs", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "scripts/container.mjs"]
CMD ["console"]
