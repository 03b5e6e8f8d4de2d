# Flink with the job in it, for application mode: docker build -t flow-sentinel . needs nothing but Docker.
# The version is flink.version of pom.xml; a test holds the two together.
ARG FLINK_VERSION=2.3.0

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
COPY src/main src/main
# The second goal fetches the S3 plugin in the version of the pom: one jar with all that it needs.
RUN mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    && mvn -B -ntp -q dependency:copy-dependencies -DincludeArtifactIds=flink-s3-fs-native -DoutputDirectory=target/plugin \
    && mv target/flow-sentinel-*-job.jar target/flow-sentinel.jar

FROM flink:${FLINK_VERSION}-scala_2.12-java17
# Each plugin has a folder, and a class loader, of its own. metrics-prometheus is there already.
COPY --from=build --chown=flink:flink /build/target/plugin/ /opt/flink/plugins/s3-fs-native/
COPY --from=build --chown=flink:flink /build/target/flow-sentinel.jar /opt/flink/usrlib/flow-sentinel.jar
COPY --chown=flink:flink job-config/*.yaml /opt/flink/job-config/
COPY --chown=flink:flink job-config/rules/ /opt/flink/job-config/rules/
# The flink user of the base image; by number, so that Kubernetes can tell that it is not root.
USER 9999
# A job manager of the job's own; task managers run the same image with the argument taskmanager. Behind -- come the job's
# options: before it Flink would take --config for its own --configDir.
CMD ["standalone-job", "--job-classname", "io.flowsentinel.FlowLogJob", "--", "--config", "/opt/flink/job-config/cluster.yaml"]
