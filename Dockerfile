# The whole container is one binary. docker build -t ringmaker .
FROM debian:bookworm-slim AS build
WORKDIR /source
COPY scripts/packages.txt scripts/install_packages.sh scripts/
RUN scripts/install_packages.sh build
COPY . .
RUN cmake --preset release -DRINGMAKER_TESTS=OFF -DRINGMAKER_BENCH=OFF \
 && cmake --build --preset release --target ringmaker
# A root file system of the binary, what it links, and the little that C programs expect.
RUN mkdir -p /rootfs/usr/bin /rootfs/etc /rootfs/tmp /rootfs/licenses \
 && cp build/release/ringmaker /rootfs/usr/bin/ \
 && ln -s ringmaker /rootfs/usr/bin/train \
 && ln -s ringmaker /rootfs/usr/bin/serve \
 && ldd build/release/ringmaker | grep -o '/[^ ]*' | xargs -I{} cp --parents -L {} /rootfs/ \
 && printf 'root:x:0:0:root:/:/sbin/nologin\n' > /rootfs/etc/passwd \
 && printf 'root:x:0:\n' > /rootfs/etc/group \
 && cp LICENSE /rootfs/licenses/ringmaker \
 && for package in libstdc++6 libgcc-s1 libc6 libfmt9 libsimdjson14 liburing2 zlib1g; do \
      cp "/usr/share/doc/$package/copyright" "/rootfs/licenses/$package" || true; done \
 && chmod 1777 /rootfs/tmp

FROM debian:bookworm-slim AS debug
COPY --from=build /rootfs /
ENTRYPOINT ["/usr/bin/ringmaker"]

FROM scratch AS release
COPY --from=build /rootfs /
ENV PATH=/usr/bin
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true
EXPOSE 8080
ENTRYPOINT ["/usr/bin/ringmaker"]
