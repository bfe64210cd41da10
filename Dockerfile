# Retrace in a container: the app in the browser, and the endpoint that MISP posts to. Needs a volume at /data.
FROM node:22-bookworm-slim AS build
WORKDIR /build
ENV ELECTRON_SKIP_BINARY_DOWNLOAD=1
COPY package.json package-lock.json ./
COPY scripts/npx scripts/npx
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/package-npm.mjs && mv out/misp-retrace-*.tgz /misp-retrace.tgz

FROM node:22-bookworm-slim
COPY --from=build /misp-retrace.tgz /tmp/misp-retrace.tgz
RUN npm install --global --no-audit --no-fund /tmp/misp-retrace.tgz \
  && rm -rf /tmp/misp-retrace.tgz /root/.npm \
  && install -d -o node -g node -m 0700 /data
USER node
ENV XDG_DATA_HOME=/data \
  RETRACE_CAPTURE_HOST=0.0.0.0
VOLUME /data
WORKDIR /data
# The app, and MISP's posts.
EXPOSE 27050 27051
HEALTHCHECK --interval=10s --timeout=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:27050/').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["retrace"]
CMD ["serve", "--host", "0.0.0.0", "--port", "27050", "--no-open"]
