# One image for console and gateways: `console` (the default), or `gateway` with the options of `npm run gateway`.
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
# Root owns the program: the process can read it, and can't change it.
COPY --from=build /gatewright /gatewright
# A volume mounted here inherits the owner of this folder. The data directory is a subfolder, because the process sets its
# mode, and a Kubernetes volume has another owner.
RUN install -d -o node -g node -m 700 /data
VOLUME /data
# The ID of the user `node`: from a name, Kubernetes can't tell that the user isn't root.
USER 1000:1000
WORKDIR /gatewright
EXPOSE 3000 8082
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/container.mjs", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "scripts/container.mjs"]
CMD ["console"]
