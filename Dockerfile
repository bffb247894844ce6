# The whole container is one binary.                docker build --tag ringmaker .
# For looking around inside, with a shell:          docker build --target debug --tag ringmaker:debug .
# For Graviton, on any machine that can run it:     docker build --platform linux/arm64 --tag ringmaker:arm64 .
# SageMaker takes Docker's manifests, not OCI ones: docker build --provenance=false --output type=docker …
FROM debian:bookworm-slim AS build
WORKDIR /source
COPY scripts/packages.txt scripts/install_packages.sh scripts/
RUN scripts/install_packages.sh build
COPY . .
RUN cmake --preset release -DRINGMAKER_TESTS=OFF -DRINGMAKER_BENCH=OFF \
 && cmake --build --preset release --target ringmaker
RUN scripts/image_root.sh build/release/ringmaker /rootfs

FROM debian:bookworm-slim AS debug
COPY --from=build /rootfs/usr/share/ringmaker /usr/share/ringmaker
RUN apt-get update -q \
 && xargs apt-get install -q -y --no-install-recommends curl gdb procps strace \
      < /usr/share/ringmaker/runtime_packages.txt \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /rootfs/usr/bin /usr/bin
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true \
      com.amazonaws.sagemaker.capabilities.multi-models=true \
      com.amazonaws.sagemaker.capabilities.bidirectional-streaming=true
EXPOSE 8080
ENTRYPOINT ["/usr/bin/ringmaker"]

FROM scratch AS release
COPY --from=build /rootfs /
ENV PATH=/usr/bin
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true \
      com.amazonaws.sagemaker.capabilities.multi-models=true \
      com.amazonaws.sagemaker.capabilities.bidirectional-streaming=true \
      org.opencontainers.image.title=ringmaker \
      org.opencontainers.image.licenses=Apache-2.0
EXPOSE 8080
ENTRYPOINT ["/usr/bin/ringmaker"]
