# The program alone; its database is another container. See docker-compose.yml.

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
# The queries were checked when they were committed; building needs no database.
ENV SQLX_OFFLINE=true
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked && cp target/dist/street-whistle /street-whistle

FROM debian:bookworm-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin street-whistle \
    && install -d -o street-whistle -g street-whistle -m 0700 /var/lib/street-whistle
COPY --from=build /street-whistle /usr/local/bin/street-whistle
USER street-whistle
WORKDIR /var/lib/street-whistle
ENV LISTEN=0.0.0.0:8080 DATA=/var/lib/street-whistle
EXPOSE 8080
# Asks for a page and accepts any answer but a failure of the server's own: which host names are
# known is the installation's affair.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == HTTP/1.?' '[1-4]* ]]"]
ENTRYPOINT ["street-whistle"]
CMD ["serve"]
